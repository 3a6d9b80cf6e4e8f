// start_model.h — what a training starts from: networks of a model folder, or new ones of a given architecture.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "checkpoints/checkpoint.h"
#include "training/train_config.h"

namespace easel {

class StartModel {
 public:
  // config.model may be empty. Throws as open_checkpoint does.
  explicit StartModel(const TrainConfig& config);

  // The component's architecture: `own` where it is set (a new network), otherwise the model's. Throws
  // InvalidArgument where there is neither.
  nlohmann::json config(const std::string& component, const JsonText& own) const;
  // The weights to go on from; null for a new network.
  const WeightMap* weights(const std::string& component, const JsonText& own) const;
  // REQUIRES: config.model was given.
  const Checkpoint& checkpoint() const { return *model_; }
  bool has(const std::string& component) const { return model_ && model_->has(component); }
  // The tokenizer's folder: the config's, otherwise the model's. Throws InvalidArgument where there is neither.
  std::filesystem::path tokenizer_folder() const;

 private:
  const TrainConfig& config_;
  std::optional<Checkpoint> model_;
};

}  // namespace easel
