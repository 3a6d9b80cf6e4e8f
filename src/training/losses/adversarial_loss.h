// adversarial_loss.h — a discriminator of patches that learns to tell reconstructions from pictures, and the
// loss of a network whose reconstructions it recognises. Hinge losses: Lim & Ye 2017, arXiv:1705.02894, section 2.2.
#pragma once

#include "models/vae/patch_discriminator.h"
#include "training/trainable_weights.h"
#include "training/training_task.h"

namespace easel {

class AdversarialLoss {
 public:
  explicit AdversarialLoss(uint64_t seed);
  AdversarialLoss(const AdversarialLoss&) = delete;
  AdversarialLoss& operator=(const AdversarialLoss&) = delete;

  // -mean(D(x')): what the network that made x' minimises.
  Tensor generator_loss(const Tensor& reconstructions) const;
  // mean(max(0, 1 - D(x))) + mean(max(0, 1 + D(x'))): what the discriminator minimises. The terms are the means of
  // D(x) and D(x').
  StepLoss discriminator_loss(const Tensor& pictures, const Tensor& reconstructions) const;

  // The discriminator's, by "discriminator.name".
  const NamedTensors& leaves() const { return weights_.leaves(); }

 private:
  TrainableWeights weights_;
  PatchDiscriminator discriminator_;
};

}  // namespace easel
