// text_to_image_task.h — training the denoising network, with its text encoder where asked. Rombach et al. 2022,
// arXiv:2112.10752, eq. 3: both learn from the same loss.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "models/clip/clip_text_model.h"
#include "models/unet/unet.h"
#include "models/vae/autoencoder_kl.h"
#include "pipelines/diffusion_model.h"
#include "text/clip_tokenizer.h"
#include "training/cache/embedding_cache.h"
#include "training/cache/latent_source.h"
#include "training/losses/diffusion_loss.h"
#include "training/tasks/start_model.h"
#include "training/train_config.h"
#include "training/training_task.h"

namespace easel {

// The autoencoder and the tokenizer come from config.model and stay as they are; U-Net and text encoder come from it
// too, or are new where the configuration gives their architecture.
class TextToImageTask final : public TrainingTask {
 public:
  // Keeps references to all. Throws InvalidArgument or Unsupported where the parts do not fit each other.
  TextToImageTask(const TrainConfig& config, const StartModel& start, const LatentSource& latents);

  // From now on captions are encoded once and kept in `file`. Throws as EmbeddingCache does. REQUIRES: the text encoder
  // is not trained.
  void use_embedding_cache(const std::filesystem::path& file);

  std::vector<NamedTensors> parameter_groups() const override;
  StepLoss loss(int64_t batch, size_t group) override;
  int64_t batch_size() const override { return config_.train_batch_size; }
  // One picture for each of sample_prompts, or of the first batch's captions; seeds 0, 1, …, at most 64.
  Picture sample_sheet(const NamedTensors& weights) const override;
  // A whole model package: tokenizer, text encoder, U-Net, autoencoder, scheduler.
  void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const override;

 private:
  NamedTensors host_text_weights() const;
  Tensor encode_frozen(const Tensor& ids) const;                           // [N, L] -> [N, L, C]
  Tensor encode_captions(const std::vector<std::string>& captions) const;  // [N, L, C]

  const TrainConfig& config_;
  const StartModel& start_;
  const LatentSource& latents_;
  nlohmann::json scheduler_config_;
  DiffusionObjective objective_;
  ClipTokenizer tokenizer_;
  nlohmann::json text_config_, unet_config_;
  std::unique_ptr<TrainableWeights> text_weights_, unet_weights_;
  std::unique_ptr<ClipTextModel> text_encoder_;
  std::unique_ptr<UNet2DConditionModel> unet_;
  std::unique_ptr<EmbeddingCache> embeddings_;  // null: none
};

}  // namespace easel
