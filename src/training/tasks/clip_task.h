// clip_task.h — training CLIP's two towers on captioned pictures. Radford et al. 2021, arXiv:2103.00020, figure 3.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "models/clip/clip_model.h"
#include "text/clip_tokenizer.h"
#include "training/data/batch_loader.h"
#include "training/training_task.h"

namespace easel {

// The cross entropy of every picture's own caption among those of the batch, and of every caption's own picture, in
// equal parts. Captions of a batch that say the same are wrong answers to each other, so batches should be diverse
// rather than large beyond need.
class ClipTask final : public TrainingTask {
 public:
  // Keeps references to both. The towers are those of config.model (a CLIP folder), or new ones of config.text_encoder
  // and config.vision_model, whose projection_dim is the text encoder's. The vocabulary is config.tokenizer, or that of
  // config.model. Throws InvalidArgument where something is missing or does not fit.
  ClipTask(const TrainConfig& config, const BatchLoader& loader);

  std::vector<NamedTensors> parameter_groups() const override { return {weights_->leaves()}; }
  StepLoss loss(int64_t batch, size_t group) override;
  int64_t batch_size() const override { return config_.train_batch_size; }
  Picture sample_sheet(const NamedTensors& weights) const override;  // nothing to see
  // Hugging Face's CLIPModel folder, with vocabulary and preprocessor_config.json.
  void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const override;

 private:
  std::filesystem::path tokenizer_folder() const;
  nlohmann::json new_config() const;

  const TrainConfig& config_;
  const BatchLoader& loader_;
  ClipTokenizer tokenizer_;
  nlohmann::json clip_config_;
  std::unique_ptr<TrainableWeights> weights_;
  std::unique_ptr<ClipModel> model_;
};

}  // namespace easel
