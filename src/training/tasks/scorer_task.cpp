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

ScorerConfig scorer_config(const ScorerTaskOptions& options) {
  if (options.vision_model.is_null() && !options.model.empty())
    return ScorerConfig::from_json(read_json(options.model / "config.json"));
  ScorerConfig config = options.vision_model.is_null() ? ScorerConfig{} : ScorerConfig::from_json(options.vision_model);
  config.labels = storybook::SceneLabels::of(options.data.world);
  return config;
}

}  // namespace

ScorerTask::ScorerTask(const ScorerTaskOptions& options)
    : config_(scorer_config(options)), data_(options.data), rank_(options.rank), world_size_(options.world_size) {
  data_.size_px = config_.image_size;
  const bool continues = options.vision_model.is_null() && !options.model.empty();
  const TensorFile start = continues ? read_safetensors(options.model / kTransformersWeights) : TensorFile();
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
