#include "training/tasks/scorer_task.h"

#include <nlohmann/json.hpp>

#include "checkpoints/model_folder.h"
#include "checkpoints/tensor_file.h"
#include "files/json_reader.h"
#include "ops/ops.h"
#include "training/losses/scorer_loss.h"

namespace easel {
namespace {

constexpr const char* kComponent = "scorer";

ScorerConfig scorer_config(const TrainConfig& config) {
  if (!config.vision_model.text.empty()) {
    nlohmann::json json = nlohmann::json::parse(config.vision_model.text);
    return ScorerConfig::from_json(json);
  }
  if (!config.model.empty())
    return ScorerConfig::from_json(read_json(std::filesystem::path(config.model) / "config.json"));
  return {};
}

}  // namespace

ScorerTask::ScorerTask(const TrainConfig& config, int rank, int world_size)
    : config_(scorer_config(config)), rank_(rank), world_size_(world_size) {
  data_ = {.world = storybook::find_world(config.storybook_world),
           .size_px = config_.image_size,
           .batch_size = config.train_batch_size,
           .seed = static_cast<uint64_t>(config.seed)};
  const bool continues = config.vision_model.text.empty() && !config.model.empty();
  const TensorFile start =
      continues ? read_safetensors(std::filesystem::path(config.model) / kTransformersWeights) : TensorFile();
  weights_ = std::make_unique<TrainableWeights>(TrainableWeights::Options{
      .component = kComponent, .start = continues ? &start.tensors : nullptr, .seed = data_.seed});
  model_ = std::make_unique<ScorerModel>(config_, *weights_);
}

StepLoss ScorerTask::loss(int64_t batch, size_t /*group*/) {
  const int64_t number = batch * world_size_ + rank_;
  const ScorerBatch drawn = draw_scorer_batch(data_, number);
  const ScorerOutput output = (*model_)(to_backend(drawn.pictures, BackendKind::torch));
  return scorer_loss(*model_, output, drawn.scenes, data_.seed + static_cast<uint64_t>(number));
}

Picture ScorerTask::sample_sheet(const NamedTensors& /*weights*/) const { return {}; }

void ScorerTask::write_model(const std::filesystem::path& folder, const NamedTensors& weights) const {
  write_component(folder, config_.to_json(), kTransformersWeights, component_of(weights, kComponent), DType::f16);
}

}  // namespace easel
