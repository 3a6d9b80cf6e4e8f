#include "ops/host_optimizer.h"

#include <algorithm>
#include <cmath>

#include "tensor/parallel.h"

namespace easel {
namespace {

// body(begin, end) over the elements 0..count-1, in blocks that outweigh their hand-out.
template <typename Body>
void for_each_block(int64_t count, const Body& body) {
  constexpr int64_t kBlock = 16384;
  parallel_for((count + kBlock - 1) / kBlock,
               [&](int64_t task, int) { body(task * kBlock, std::min(count, (task + 1) * kBlock)); });
}

}  // namespace

void host_adamw_step(const Tensor& weight, const Tensor& gradient, const Tensor& m, const Tensor& v,
                     const AdamWOptions& options) {
  const auto step = static_cast<double>(options.step);
  const double correction1 = 1 - std::pow(options.beta1, step), correction2 = 1 - std::pow(options.beta2, step);
  const auto keep = static_cast<float>(1 - options.learning_rate * options.weight_decay);
  const auto rate = static_cast<float>(options.learning_rate / correction1);
  const auto root_correction = static_cast<float>(std::sqrt(correction2)),
             epsilon = static_cast<float>(options.epsilon);
  const auto beta1 = static_cast<float>(options.beta1), rest1 = static_cast<float>(1 - options.beta1);
  const auto beta2 = static_cast<float>(options.beta2), rest2 = static_cast<float>(1 - options.beta2);
  const auto scale = static_cast<float>(options.gradient_scale);
  for_each_block(weight.numel(), [&](int64_t begin, int64_t end) {
    float *const w = weight.f32(), *const first = m.f32(), *const second = v.f32();
    const float* const g = gradient.f32();
    for (int64_t i = begin; i < end; ++i) {
      const float scaled = scale * g[i];
      first[i] = beta1 * first[i] + rest1 * scaled;
      second[i] = beta2 * second[i] + rest2 * scaled * scaled;
      w[i] = keep * w[i] - rate * first[i] / (std::sqrt(second[i]) / root_correction + epsilon);
    }
  });
}

void host_lerp(const Tensor& target, const Tensor& source, double weight) {
  const auto keep = static_cast<float>(1 - weight), take = static_cast<float>(weight);
  for_each_block(target.numel(), [&](int64_t begin, int64_t end) {
    float* const to = target.f32();
    const float* const from = source.f32();
    for (int64_t i = begin; i < end; ++i) to[i] = keep * to[i] + take * from[i];
  });
}

}  // namespace easel
