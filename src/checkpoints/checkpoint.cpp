#include "checkpoints/checkpoint.h"

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>

#include "checkpoints/diffusers_folder.h"
#include "checkpoints/ldm/ldm_config.h"
#include "checkpoints/ldm/ldm_layout.h"
#include "checkpoints/ldm/ldm_yaml.h"
#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

constexpr std::string_view kPredictionTypes[] = {"epsilon", "v_prediction", "sample"};

}  // namespace

struct Checkpoint::Source {
  std::map<std::string, DiffusersComponent> folder;  // layout "diffusers"
  WeightMap ldm;                                     // layout "ldm": all tensors under their own names
  std::mutex mutex;
  std::map<std::string, WeightMap> loaded;
};

Checkpoint::Checkpoint() : source_(std::make_unique<Source>()) {}
Checkpoint::~Checkpoint() = default;
Checkpoint::Checkpoint(Checkpoint&&) noexcept = default;
Checkpoint& Checkpoint::operator=(Checkpoint&&) noexcept = default;

bool Checkpoint::has(const std::string& component) const {
  if (layout == "ldm") return configs.contains(component);
  const auto found = source_->folder.find(component);
  return found != source_->folder.end() && (!found->second.needs_weights || !found->second.weight_files.empty());
}

const WeightMap& Checkpoint::weights(const std::string& component) const {
  const std::lock_guard lock(source_->mutex);
  const auto loaded = source_->loaded.find(component);
  if (loaded != source_->loaded.end()) return loaded->second;
  if (!configs.contains(component) || (layout == "diffusers" && !source_->folder.contains(component))) {
    std::string present;
    for (const auto& [name, unused] : configs)
      if (name != "model_index") present += (present.empty() ? "" : ", ") + escaped_text(name);
    throw Error(ErrorCode::NotFound, "[checkpoint] " + quoted_text(path.string()) + " has no component " + component +
                                         "; it has " + present);
  }
  WeightMap weights = layout == "ldm" ? ldm_to_diffusers(source_->ldm, component, configs.at(component))
                                      : with_current_names(read_component_weights(source_->folder.at(component)));
  return source_->loaded.emplace(component, std::move(weights)).first->second;
}

std::filesystem::path Checkpoint::tokenizer_folder(const std::string& tokenizer) const {
  if (layout == "ldm") return {};
  const std::filesystem::path folder = path / tokenizer;
  std::error_code unreadable;
  return std::filesystem::is_regular_file(folder / "vocab.json", unreadable) ? folder : std::filesystem::path();
}

Checkpoint open_checkpoint(const std::filesystem::path& path, const CheckpointOptions& options) {
  if (options.prediction_type &&
      std::ranges::find(kPredictionTypes, *options.prediction_type) == std::end(kPredictionTypes))
    throw Error(ErrorCode::InvalidArgument, "[checkpoint] prediction_type = " + quoted_text(*options.prediction_type) +
                                                "; must be epsilon, v_prediction or sample");
  Checkpoint checkpoint;
  checkpoint.path = path;
  std::error_code unreadable;
  if (std::filesystem::is_directory(path, unreadable)) {
    checkpoint.layout = "diffusers";
    DiffusersFolder folder = read_diffusers_folder(path, options.variant);
    for (const auto& [name, component] : folder.components) checkpoint.configs[name] = component.config;
    if (folder.index.is_object()) checkpoint.configs["model_index"] = std::move(folder.index);
    checkpoint.source_->folder = std::move(folder.components);
  } else {
    checkpoint.layout = "ldm";
    TensorFile file = read_tensor_file(path);
    file.tensors = without_wrapper(file.tensors);
    checkpoint.configs = infer_ldm_configs(file, options.prediction_type);
    if (const auto yaml = find_ldm_yaml(path)) apply_ldm_yaml(*yaml, checkpoint.configs);
    checkpoint.source_->ldm = std::move(file.tensors);
    checkpoint.metadata = std::move(file.metadata);
  }
  if (options.prediction_type && checkpoint.configs.contains("scheduler"))
    checkpoint.configs["scheduler"]["prediction_type"] = *options.prediction_type;
  return checkpoint;
}

}  // namespace easel
