// autoencoder_task.h — training the autoencoder between pictures and latents. Rombach et al. 2022, arXiv:2112.10752,
// section 3.1 and appendix G.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "models/autoencoder_kl.h"
#include "training/batch_loader.h"
#include "training/train_config.h"
#include "training/training_task.h"

namespace easel {

// Minimises (|x - x'| + (x - x')^2) / 2 + kl_weight * KL, each a mean over elements: the absolute error keeps edges
// sharp, the squared one is what PSNR measures. The scaling factor that goes into the model's config makes the latents
// of the data have unit variance.
class AutoencoderTask final : public TrainingTask {
 public:
  // Keeps references to both. Throws InvalidArgument or Unsupported for a config that does not do.
  AutoencoderTask(const TrainConfig& config, const BatchLoader& loader);

  std::vector<NamedTensors> parameter_groups() const override { return {weights_->leaves()}; }
  StepLoss loss(int64_t batch, size_t group) override;
  int64_t batch_size() const override { return config_.train_batch_size; }
  // Pictures in the upper rows, their reconstructions below them.
  Picture sample_sheet(const NamedTensors& weights) const override;
  void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const override;

 private:
  void start_almost_deterministic();
  // The autoencoder over given weights, on the backend.
  AutoencoderKL with_weights(const NamedTensors& weights) const;
  // 1 / deviation of the latents of some batches.
  double measured_scaling_factor(const AutoencoderKL& vae) const;

  const TrainConfig& config_;
  const BatchLoader& loader_;
  nlohmann::json vae_config_;
  std::unique_ptr<TrainableWeights> weights_;
  std::unique_ptr<AutoencoderKL> vae_;
};

}  // namespace easel
