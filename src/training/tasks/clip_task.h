// clip_task.h — training CLIP's two towers on captioned pictures. Radford et al. 2021, arXiv:2103.00020, figure 3.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/batch_loader.h"
#include "models/clip/clip_model.h"
#include "text/clip_tokenizer.h"
#include "training/tasks/start_model.h"
#include "training/training_task.h"

namespace easel {

struct ClipTaskOptions {
  StartModelOptions start = {};           // the model is a CLIP folder
  nlohmann::json text_encoder = nullptr;  // configs of new towers; null: the start model's
  nlohmann::json vision_model = nullptr;
  uint64_t seed = 0;
};

// The cross entropy of every picture's own caption among those of the batch, and of every caption's own picture, in
// equal parts. Captions of a batch that say the same are wrong answers to each other, so batches should be diverse
// rather than large beyond need.
class ClipTask final : public TrainingTask {
 public:
  // Keeps a reference to the loader. The towers are those of the start model, or new ones of text_encoder and
  // vision_model, whose projection_dim is the text encoder's. The vocabulary is the start's tokenizer, or that of its
  // model. Throws InvalidArgument where something is missing or does not fit.
  ClipTask(ClipTaskOptions options, const BatchLoader& loader);

  std::vector<NamedTensors> parameter_groups() const override { return {weights_->leaves()}; }
  StepLoss loss(int64_t batch, size_t group) override;
  int64_t batch_size() const override { return loader_.sampler().batch_size(); }
  Picture sample_sheet(const NamedTensors& weights) const override;  // nothing to see
  // Hugging Face's CLIPModel folder, with vocabulary and preprocessor_config.json.
  void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const override;

 private:
  std::filesystem::path tokenizer_folder() const;
  nlohmann::json new_config() const;

  ClipTaskOptions options_;
  const BatchLoader& loader_;
  ClipTokenizer tokenizer_;
  nlohmann::json clip_config_;
  std::unique_ptr<TrainableWeights> weights_;
  std::unique_ptr<ClipModel> model_;
};

}  // namespace easel
