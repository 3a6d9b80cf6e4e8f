// Files and folders of weights.
#include "checkpoints/checkpoint.h"
#include "checkpoints/ldm/ldm_layout.h"
#include "checkpoints/tensor_file.h"
#include "model_tools/inspection/inspection.h"

namespace easel {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// A component's own word, or else that of the folder's model_index.json: ["diffusers", "AutoencoderKL"].
std::string class_of_component(const Checkpoint& checkpoint, const std::string& component) {
  const std::string own = class_of(checkpoint.configs.at(component));
  const auto index = checkpoint.configs.find("model_index");
  if (!own.empty() || index == checkpoint.configs.end()) return own;
  const json entry = index->second.value(component, json());
  return entry.is_array() && entry.size() == 2 && entry[1].is_string() ? entry[1].get<std::string>() : "";
}

// A name for people; nothing is decided by it.
std::string family(const json& unet) {
  const json width = unet.value("cross_attention_dim", json());
  if (unet.value("addition_embed_type", json()) == "text_time")
    return width == 1280 ? "Stable Diffusion XL refiner" : "Stable Diffusion XL";
  if (width == 768) return "Stable Diffusion 1.x";
  if (width == 1024) return "Stable Diffusion 2.x";
  return "Stable Diffusion of its own size";
}

std::string task(const json& unet) {
  const json channels = unet.value("in_channels", json(4));
  if (channels == 9) return "inpainting";
  if (channels == 8) return "editing by instruction";
  if (channels == 7) return "upscaling by 4";
  if (channels == 5) return "depth to image";
  return unet.value("class_embed_type", json()) == "projection" ? "image variations (unCLIP)" : "text to image";
}

ordered_json architecture(const Checkpoint& checkpoint) {
  const auto unet = checkpoint.configs.find("unet");
  if (unet == checkpoint.configs.end()) return nullptr;
  ordered_json result = {{"family", family(unet->second)}, {"task", task(unet->second)}};
  const auto scheduler = checkpoint.configs.find("scheduler");
  if (scheduler != checkpoint.configs.end())
    result["prediction_type"] = scheduler->second.value("prediction_type", "epsilon");
  for (const char* key : {"in_channels", "cross_attention_dim", "sample_size"})
    if (unet->second.contains(key)) result[key] = unet->second[key];
  return result;
}

// Counts of a set of tensors.
void add_counts(ordered_json& entry, const WeightMap& weights) {
  int64_t parameters = 0;
  size_t size_bytes = 0;
  std::map<std::string, int64_t> elements;
  for (const auto& [name, tensor] : weights) {
    parameters += tensor.numel();
    size_bytes += tensor.size_bytes();
    elements[dtype_name(tensor.dtype())] += tensor.numel();
  }
  entry["tensor_count"] = weights.size();
  entry["parameters"] = parameters;
  entry["size_bytes"] = size_bytes;
  entry["dtypes"] = elements;
}

void add_tensors(ordered_json& list, const std::string& component, const WeightMap& weights) {
  for (const auto& [name, tensor] : weights) {
    ordered_json entry = {{"name", name},
                          {"dtype", dtype_name(tensor.dtype())},
                          {"shape", std::vector<int64_t>(tensor.shape().begin(), tensor.shape().end())}};
    if (!component.empty()) entry["component"] = component;
    list.push_back(std::move(entry));
  }
}

void add_checkpoint(ordered_json& inspection, const Checkpoint& checkpoint, const InspectionOptions& options) {
  const ordered_json summary = architecture(checkpoint);
  if (summary.is_object()) inspection["architecture"] = summary;
  ordered_json tensors = ordered_json::array();
  for (const auto& [name, config] : checkpoint.configs) {
    const std::string class_name = class_of_component(checkpoint, name);
    check_config(checkpoint.path, class_name, config);
    ordered_json entry = {{"class", class_name}};
    const bool has_weights = name == "unet" || name == "vae" || name.starts_with("text_encoder");
    if (has_weights) {
      const WeightMap& weights = checkpoint.weights(name);
      add_counts(entry, weights);
      if (options.list_tensors) add_tensors(tensors, name, weights);
    }
    if (name != "model_index") inspection["components"][name] = entry;
  }
  if (!checkpoint.metadata.empty()) inspection["metadata"] = checkpoint.metadata;
  if (options.list_tensors) inspection["tensors"] = tensors;
}

}  // namespace

void inspect_checkpoint(ordered_json& inspection, const std::filesystem::path& path, const InspectionOptions& options) {
  add_checkpoint(inspection, open_checkpoint(path), options);
}

void inspect_tensor_file(ordered_json& inspection, const std::filesystem::path& path,
                         const InspectionOptions& options) {
  const TensorFile file = read_tensor_file(path);
  if (has_ldm_component(without_wrapper(file.tensors))) {
    inspection["kind"] = "single file";
    return inspect_checkpoint(inspection, path, options);
  }
  inspection["kind"] = "tensors";
  add_counts(inspection, file.tensors);
  if (!file.metadata.empty()) inspection["metadata"] = file.metadata;
  if (!options.list_tensors) return;
  inspection["tensors"] = ordered_json::array();
  add_tensors(inspection["tensors"], "", file.tensors);
}

}  // namespace easel
