#include "training/optimizer.h"

#include <algorithm>
#include <cmath>

#include "easel/error.h"
#include "ops/ops.h"

namespace easel {
namespace {

NamedTensors copies(const NamedTensors& tensors) {
  NamedTensors made;
  for (const auto& [name, tensor] : tensors)
    made.emplace(name, to_backend(to_host(tensor).clone(), tensor.backend_kind()));
  return made;
}

NamedTensors zeros_like(const NamedTensors& tensors) {
  NamedTensors made;
  for (const auto& [name, tensor] : tensors)
    made.emplace(name, to_backend(Tensor::zeros(tensor.shape()), tensor.backend_kind()));
  return made;
}

}  // namespace

double ema_decay_at(const OptimizerOptions& options, int64_t step) {
  if (!options.use_ema_warmup) return options.ema_decay;
  const auto n = static_cast<double>(step - 1);
  return step == 1 ? 0.0 : std::min(options.ema_decay, (1 + n) / (10 + n));
}

Optimizer::Optimizer(NamedTensors leaves, const OptimizerOptions& options)
    : options_(options),
      leaves_(std::move(leaves)),
      first_moments_(zeros_like(leaves_)),
      second_moments_(zeros_like(leaves_)) {
  if (options.use_ema) ema_ = copies(leaves_);
}

double Optimizer::step(int64_t step, double learning_rate) {
  std::vector<Tensor> all;
  for (const auto& [name, leaf] : leaves_) all.push_back(leaf);
  const double norm = autograd().gradient_norm(all);
  if (!std::isfinite(norm)) return norm;

  AdamWOptions adamw = options_.adamw;
  adamw.step = step;
  adamw.learning_rate = learning_rate;
  // torch.nn.utils.clip_grad_norm_: the factor max_norm / (norm + 1e-6), where it is below 1.
  if (options_.max_grad_norm > 0) adamw.gradient_scale = std::min(1.0, options_.max_grad_norm / (norm + 1e-6));
  for (const auto& [name, leaf] : leaves_) {
    autograd().adamw_step(leaf, first_moments_.at(name), second_moments_.at(name), adamw);
    autograd().clear_gradient(leaf);
    if (options_.use_ema) autograd().lerp(ema_.at(name), leaf, 1 - ema_decay_at(options_, step));
  }
  return norm;
}

void Optimizer::clear_gradients() {
  for (const auto& [name, leaf] : leaves_) autograd().clear_gradient(leaf);
}

NamedTensors Optimizer::parts() const {
  NamedTensors parts;
  const auto put = [&](const char* prefix, const NamedTensors& tensors) {
    for (const auto& [name, tensor] : tensors) parts.emplace(prefix + name, tensor);
  };
  put("weights.", leaves_);
  put("adam_m.", first_moments_);
  put("adam_v.", second_moments_);
  put("ema.", ema_);
  return parts;
}

NamedTensors Optimizer::state() const {
  NamedTensors host = parts();
  for (auto& [name, tensor] : host) tensor = to_host(tensor);
  return host;
}

void Optimizer::restore(const NamedTensors& state) {
  for (const auto& [name, tensor] : parts()) {
    const auto found = state.find(name);
    if (found == state.end()) throw Error(ErrorCode::NotFound, "[checkpoint] it lacks " + name);
    if (found->second.shape() != tensor.shape())
      throw Error(ErrorCode::CorruptFile, "[checkpoint] " + name + " has shape " + found->second.shape().to_string() +
                                              "; this training has " + tensor.shape().to_string());
    autograd().assign(tensor, found->second);
  }
}

}  // namespace easel
