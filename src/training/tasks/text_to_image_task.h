// text_to_image_task.h — training the denoising network, with its text encoder where asked. Rombach et al. 2022,
// arXiv:2112.10752, eq. 3: both learn from the same loss.
#pragma once

#include <cstdint>
#include <filesystem>
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
#include "training/training_task.h"

namespace easel {

// The pictures that show how far the training is.
struct SampleOptions {
  std::vector<std::string> prompts = {};  // empty: captions of the data
  int64_t num_inference_steps = 20;
  double guidance_scale = 5.0;  // the model's own as well: what it generates with where none is asked for
};

struct TextToImageTaskOptions {
  nlohmann::json unet = nullptr;  // configs of new networks; null: the start model's
  nlohmann::json text_encoder = nullptr;
  bool train_text_encoder = true;
  uint64_t seed = 0;
  std::string prediction_type = "epsilon";  // must be that of a start model's scheduler
  double snr_gamma = 0;                     // see DiffusionObjective
  double object_weight = 1;                 // of the error where things are; see object_weights
  TimestepSampling timestep_sampling = TimestepSampling::uniform;
  SampleOptions samples = {};
  std::string storybook_world = {};  // of the data, for the model to say what it knows; empty: not Storybook's
};

// The autoencoder and the tokenizer come from the start model and stay as they are; U-Net and text encoder come from it
// too, or are new where the configuration gives their architecture.
class TextToImageTask final : public TrainingTask {
 public:
  // Throws InvalidArgument or Unsupported where the parts do not fit each other.
  TextToImageTask(TextToImageTaskOptions options, StartModel start, LatentSource latents);

  // From now on captions are encoded once and kept in `file`. Throws as EmbeddingCache does. REQUIRES: the text encoder
  // is not trained.
  void use_embedding_cache(const std::filesystem::path& file);

  std::vector<NamedTensors> parameter_groups() const override;
  StepLoss loss(int64_t batch, size_t group) override;
  int64_t batch_size() const override { return latents_.batch_size(); }
  // One picture for each of sample_prompts, or of the first batch's captions; seeds 0, 1, …, at most 64.
  Picture sample_sheet(const NamedTensors& weights) const override;
  // A whole model package: tokenizer, text encoder, U-Net, autoencoder, scheduler.
  void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const override;

 private:
  // Of each row, [N]: as options_.object_weight weighs them.
  Tensor errors_of(const Tensor& prediction, const Tensor& target, const LatentBatch& examples) const;
  NamedTensors host_text_weights() const;
  Tensor encode_frozen(const Tensor& ids) const;                           // [N, L] -> [N, L, C]
  Tensor encode_captions(const std::vector<std::string>& captions) const;  // [N, L, C]

  TextToImageTaskOptions options_;
  StartModel start_;
  LatentSource latents_;
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
