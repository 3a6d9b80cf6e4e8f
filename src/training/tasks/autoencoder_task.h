// autoencoder_task.h — training the autoencoder between pictures and latents. Rombach et al. 2022, arXiv:2112.10752,
// section 3.1 and appendix G.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/batch_loader.h"
#include "models/vae/autoencoder_kl.h"
#include "training/losses/adversarial_loss.h"
#include "training/losses/perceptual_loss.h"
#include "training/tasks/start_model.h"
#include "training/training_task.h"

namespace easel {

struct AutoencoderLossOptions {
  double kl_weight = 1e-6;
  double perceptual_weight = 0;
  std::filesystem::path perceptual_model = {};  // a CLIP folder; read where the weight is above 0
  double adversarial_weight = 0;
  int64_t adversarial_start = 0;  // the first step in which the discriminator takes part
};

struct AutoencoderTaskOptions {
  StartModelOptions start = {};
  nlohmann::json vae = nullptr;  // config of a new autoencoder; null: the start model's
  bool train_encoder = true;
  int64_t resolution = 128;                 // of the pictures, which the model's config names as sample_size
  int64_t gradient_accumulation_steps = 1;  // batches in a step: adversarial_start counts steps
  uint64_t seed = 0;
  AutoencoderLossOptions loss = {};
};

// Minimises (|x - x'| + (x - x')^2) / 2 + kl_weight * KL, each a mean over elements: the absolute error keeps edges
// sharp, the squared one is what PSNR measures. With their weights set it adds perceptual_weight * PerceptualLoss and,
// from step adversarial_start on, adversarial_weight * AdversarialLoss; its discriminator is group 1. The scaling
// factor that goes into the model's config makes the latents of the data have unit variance. Without train_encoder only
// the decoder learns, and the scaling factor stays.
class AutoencoderTask final : public TrainingTask {
 public:
  // Keeps a reference to the loader. Throws InvalidArgument or Unsupported for options that cannot be used, and for
  // pictures of sizes that the losses cannot take.
  AutoencoderTask(AutoencoderTaskOptions options, const BatchLoader& loader);

  std::vector<NamedTensors> parameter_groups() const override;
  int64_t first_step(size_t group) const override { return group == 0 ? 0 : options_.loss.adversarial_start; }
  StepLoss loss(int64_t batch, size_t group) override;
  int64_t batch_size() const override { return loader_.sampler().batch_size(); }
  // Pictures in the upper rows, their reconstructions below them.
  Picture sample_sheet(const NamedTensors& weights) const override;
  void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const override;

 private:
  struct Reconstruction {
    Tensor pictures, decoded;  // [N, H, W, 3]
    LatentDistribution latents;
  };

  void start_almost_deterministic();
  void require_picture_sizes() const;
  LatentDistribution encode(const Tensor& pictures) const;
  Reconstruction reconstruct(int64_t batch) const;
  StepLoss reconstruction_loss(int64_t batch) const;
  StepLoss discriminator_loss(int64_t batch) const;
  // Weights by their names in the autoencoder, with those that are not trained, on the backend.
  NamedTensors completed(const NamedTensors& weights) const;
  // The autoencoder over given weights, on the backend.
  AutoencoderKL with_weights(const NamedTensors& weights) const;
  // 1 / deviation of the latents of some batches.
  double measured_scaling_factor(const AutoencoderKL& vae) const;

  AutoencoderTaskOptions options_;
  const BatchLoader& loader_;
  nlohmann::json vae_config_;
  std::unique_ptr<TrainableWeights> weights_;
  std::unique_ptr<AutoencoderKL> vae_;
  std::unique_ptr<PerceptualLoss> perceptual_;    // null where its weight is 0
  std::unique_ptr<AdversarialLoss> adversarial_;  // likewise
};

}  // namespace easel
