#include "training/tasks/start_model.h"

#include "easel/error.h"

namespace easel {
namespace {

[[noreturn]] void fail_missing(const std::string& component) {
  throw Error(ErrorCode::InvalidArgument,
              "[train] neither a model with a " + component + " nor the parameter " + component + " is given");
}

}  // namespace

StartModel::StartModel(const TrainConfig& config) : config_(config) {
  if (!config.model.empty()) model_ = open_checkpoint(config.model);
}

nlohmann::json StartModel::config(const std::string& component, const JsonText& own) const {
  if (!own.text.empty()) return nlohmann::json::parse(own.text);
  if (!has(component)) fail_missing(component);
  return model_->configs.at(component);
}

const WeightMap* StartModel::weights(const std::string& component, const JsonText& own) const {
  return own.text.empty() && has(component) ? &model_->weights(component) : nullptr;
}

std::filesystem::path StartModel::tokenizer_folder() const {
  if (!config_.tokenizer.empty()) return config_.tokenizer;
  const std::filesystem::path folder = model_ ? model_->tokenizer_folder("tokenizer") : std::filesystem::path();
  if (folder.empty()) fail_missing("tokenizer");
  return folder;
}

}  // namespace easel
