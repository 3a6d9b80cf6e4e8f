#include "models/layers/weight_source.h"

#include <cmath>
#include <functional>

#include "easel/error.h"
#include "ops/ops.h"
#include "tensor/parallel.h"
#include "tensor/splitmix64.h"

namespace easel {

WeightSource::~WeightSource() = default;

CheckpointWeights::CheckpointWeights(const std::map<std::string, Tensor>& weights, std::string component,
                                     BackendKind backend)
    : weights_(weights), component_(std::move(component)), backend_(backend) {}

bool CheckpointWeights::has(const std::string& name) const { return weights_.contains(name); }

Tensor CheckpointWeights::get(const std::string& name, const Shape& shape) {
  const auto found = weights_.find(name);
  if (found == weights_.end()) throw Error(ErrorCode::NotFound, "[" + component_ + "] the weights lack " + name);
  if (found->second.shape() != shape)
    throw Error(ErrorCode::CorruptFile, "[" + component_ + "] " + name + " has shape " +
                                            found->second.shape().to_string() + "; its config asks for " +
                                            shape.to_string());
  return to_backend(found->second, backend_);
}

RandomWeights::RandomWeights(uint64_t seed, DType dtype, BackendKind backend)
    : seed_(seed), dtype_(dtype), backend_(backend) {}

bool RandomWeights::has(const std::string&) const { return true; }

namespace {

// A well mixed value for every counter.
uint64_t mixed(uint64_t counter) { return splitmix64(counter * kGoldenGamma); }

constexpr int64_t kBlock = 1 << 16;  // elements per task

}  // namespace

Tensor RandomWeights::get(const std::string& name, const Shape& shape) {
  const uint64_t stream = mixed(seed_ ^ std::hash<std::string>{}(name));
  // Vectors are biases and norm parameters; a uniform of half-width w has the variance w^2 / 3.
  const bool vector = shape.rank() < 2;
  const bool norm_weight = vector && name.ends_with(".weight");
  const int64_t fan_in = vector ? 1 : shape.numel() / shape[0];
  const float half_width = vector ? 0.1f : std::sqrt(3 * 0.49f / static_cast<float>(fan_in));
  const float centre = norm_weight ? 1.0f : 0.0f;

  const Tensor tensor = Tensor::empty(shape, dtype_);
  const int64_t count = shape.numel();
  parallel_for((count + kBlock - 1) / kBlock, [&](int64_t block, int) {
    const int64_t end = std::min(count, (block + 1) * kBlock);
    for (int64_t i = block * kBlock; i < end; ++i) {
      const float unit = static_cast<float>(mixed(stream + static_cast<uint64_t>(i)) >> 40) * 0x1p-23f - 1.0f;
      const float value = centre + half_width * unit;
      if (dtype_ == DType::f32)
        tensor.data<float>()[i] = value;
      else
        tensor.data<uint16_t>()[i] = dtype_ == DType::f16 ? f32_to_f16(value) : f32_to_bf16(value);
    }
  });
  return to_backend(tensor, backend_);
}

}  // namespace easel
