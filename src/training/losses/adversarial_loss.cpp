#include "training/losses/adversarial_loss.h"

#include <limits>

#include "ops/ops.h"
#include "training/losses/losses.h"

namespace easel {
namespace {

// mean(max(0, 1 + sign * logits))
Tensor hinge(const Tensor& logits, double sign) {
  const Tensor one = to_backend(Tensor::full(logits.shape(), 1.0f), logits.backend_kind());
  return mean(clamp(weighted_sum({{1.0, one}, {sign, logits}}), 0.0f, std::numeric_limits<float>::infinity()));
}

}  // namespace

AdversarialLoss::AdversarialLoss(uint64_t seed)
    : weights_(TrainableWeights::Options{.component = "discriminator", .seed = seed}), discriminator_(weights_) {}

Tensor AdversarialLoss::generator_loss(const Tensor& reconstructions) const {
  return weighted_sum({{-1.0, mean(discriminator_(reconstructions))}});
}

StepLoss AdversarialLoss::discriminator_loss(const Tensor& pictures, const Tensor& reconstructions) const {
  const Tensor real = discriminator_(pictures), made = discriminator_(reconstructions);
  return {.total = weighted_sum({{1.0, hinge(real, -1.0)}, {1.0, hinge(made, 1.0)}}),
          .terms = {{"logit_real", mean(real)}, {"logit_reconstructed", mean(made)}}};
}

}  // namespace easel
