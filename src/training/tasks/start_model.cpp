#include "training/tasks/start_model.h"

#include "easel/error.h"

namespace easel {
namespace {

[[noreturn]] void fail_missing(const std::string& component) {
  throw Error(ErrorCode::InvalidArgument,
              "[train] neither a model with a " + component + " nor the parameter " + component + " is given");
}

}  // namespace

StartModel::StartModel(const StartModelOptions& options) : tokenizer_(options.tokenizer) {
  if (!options.model.empty()) model_ = open_checkpoint(options.model);
}

nlohmann::json StartModel::config(const std::string& component, const nlohmann::json& own) const {
  if (!own.is_null()) return own;
  if (!has(component)) fail_missing(component);
  return model_->configs.at(component);
}

const WeightMap* StartModel::weights(const std::string& component, const nlohmann::json& own) const {
  return own.is_null() && has(component) ? &model_->weights(component) : nullptr;
}

std::filesystem::path StartModel::tokenizer_folder() const {
  if (!tokenizer_.empty()) return tokenizer_;
  const std::filesystem::path folder = model_ ? model_->tokenizer_folder("tokenizer") : std::filesystem::path();
  if (folder.empty()) fail_missing("tokenizer");
  return folder;
}

}  // namespace easel
