#include "training/trainable_weights.h"

#include <cmath>

#include "datasets/step_random.h"
#include "ops/autograd.h"
#include "ops/ops.h"

namespace easel {
namespace {

constexpr float kEmbeddingDeviation = 0.02f;  // Radford et al. 2021, section 2.5; transformers' initializer_factor 1
constexpr float kLogitScale = 2.6592600f;     // ln(1 / 0.07): Radford et al. 2021, section 2.5

// FNV-1a, so that a name's stream is the same with every standard library.
uint64_t name_stream(const std::string& name) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3u;
  return hash;
}

bool ends_residual_branch(const std::string& name) {
  return name.ends_with("conv2.weight") || name.ends_with("proj_out.weight") || name == "conv_out.weight";
}

Tensor uniform(const Shape& shape, float half_width, uint64_t seed, uint64_t stream) {
  Tensor values = Tensor::empty(shape);
  for (int64_t i = 0; i < values.numel(); ++i) {
    const double unit = random_unit(random_bits(seed, static_cast<int64_t>(stream), Purpose::weights, i));
    values.f32()[i] = half_width * static_cast<float>(2 * unit - 1);
  }
  return values;
}

}  // namespace

bool TrainableWeights::has(const std::string& name) const {
  return options_.start == nullptr || options_.start->contains(name);
}

Tensor TrainableWeights::get(const std::string& name, const Shape& shape) {
  const Tensor values = options_.start == nullptr
                            ? initial(name, shape)
                            : CheckpointWeights(*options_.start, options_.component).get(name, shape);
  return leaves_[options_.component + "." + name] = autograd().leaf(values);
}

Tensor TrainableWeights::initial(const std::string& name, const Shape& shape) const {
  const uint64_t stream = name_stream(name);
  if (name.find("embedding.weight") != std::string::npos || name.ends_with("class_embedding")) {
    const Tensor normal = random_normal(options_.seed, static_cast<int64_t>(stream), Purpose::weights, shape);
    return weighted_sum({{kEmbeddingDeviation, normal}});
  }
  if (name.ends_with("logit_scale")) return Tensor::full(shape, kLogitScale);
  if (shape.rank() < 2) return Tensor::full(shape, name.ends_with("weight") ? 1.0f : 0.0f);
  if (options_.zero_residuals && ends_residual_branch(name)) return Tensor::zeros(shape);
  const auto fan_in = static_cast<float>(shape.numel() / shape[0]);
  return uniform(shape, std::sqrt(3 / fan_in), options_.seed, stream);
}

NamedTensors component_of(const NamedTensors& tensors, const std::string& component) {
  NamedTensors own;
  const std::string prefix = component + ".";
  for (const auto& [name, tensor] : tensors)
    if (name.starts_with(prefix)) own.emplace(name.substr(prefix.size()), tensor);
  return own;
}

}  // namespace easel
