#include "checkpoints/model_folder.h"

#include <nlohmann/json.hpp>

#include "checkpoints/tensor_file.h"
#include "files/atomic_file.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

Tensor stored_as(const Tensor& values, DType dtype) {
  throw_if_cancelled();
  if (values.dtype() != DType::f32 || dtype == DType::f32) return values;
  Tensor stored = Tensor::empty(values.shape(), dtype);
  for (int64_t i = 0; i < values.numel(); ++i)
    stored.data<uint16_t>()[i] = dtype == DType::f16 ? f32_to_f16(values.f32()[i]) : f32_to_bf16(values.f32()[i]);
  return stored;
}

}  // namespace

void write_text(const std::filesystem::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text.data(), text.size());
  file.commit();
}

void write_json(const std::filesystem::path& path, const nlohmann::json& json) {
  write_text(path, json.dump(2) + "\n");
}

void write_component(const std::filesystem::path& folder, const nlohmann::json& config, const char* weights_name,
                     const std::map<std::string, Tensor>& weights, DType dtype) {
  std::filesystem::create_directories(folder);
  TensorFile file{.tensors = {}, .metadata = {{"format", "pt"}}};
  for (const auto& [name, values] : weights) file.tensors.emplace(name, stored_as(values, dtype));
  write_safetensors(folder / weights_name, file);
  write_json(folder / "config.json", config);
}

}  // namespace easel
