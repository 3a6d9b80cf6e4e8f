// start_model.h — what a training starts from: networks of a model folder, or new ones of a given architecture.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "checkpoints/checkpoint.h"

namespace easel {

struct StartModelOptions {
  std::filesystem::path model = {};      // folder to start from; empty: none
  std::filesystem::path tokenizer = {};  // folder with vocab.json and merges.txt; empty: the model's
};

class StartModel {
 public:
  // Throws as open_checkpoint does.
  explicit StartModel(const StartModelOptions& options);

  // The component's architecture: `own`, the config of a new network, or where it is null the model's. Throws
  // InvalidArgument where there is neither.
  nlohmann::json config(const std::string& component, const nlohmann::json& own = nullptr) const;
  // The weights to go on from; null for a new network.
  const WeightMap* weights(const std::string& component, const nlohmann::json& own = nullptr) const;
  // REQUIRES: a model was given.
  const Checkpoint& checkpoint() const { return *model_; }
  bool has(const std::string& component) const { return model_ && model_->has(component); }
  // The tokenizer's folder: the one of its own, otherwise the model's. Throws InvalidArgument where there is neither.
  std::filesystem::path tokenizer_folder() const;

 private:
  std::filesystem::path tokenizer_;
  std::optional<Checkpoint> model_;
};

}  // namespace easel
