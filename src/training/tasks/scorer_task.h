// scorer_task.h — training the scorer on drawings of Storybook.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/scorer_batch.h"
#include "evaluation/scorer_model.h"
#include "training/training_task.h"

namespace easel {

struct ScorerTaskOptions {
  std::filesystem::path model = {};       // folder of the scorer to go on from; empty: none
  nlohmann::json vision_model = nullptr;  // config of a new network; null: the model's, or the default one
  ScorerBatchOptions data = {};           // all but size_px, which is the network's
  int rank = 0, world_size = 1;           // this process draws its own share of the scenes
};

class ScorerTask final : public TrainingTask {
 public:
  // Throws CorruptFile, NotFound, Unsupported for a model or a config that cannot be used.
  explicit ScorerTask(const ScorerTaskOptions& options);

  std::vector<NamedTensors> parameter_groups() const override { return {weights_->leaves()}; }
  StepLoss loss(int64_t batch, size_t group) override;
  int64_t batch_size() const override { return data_.batch_size; }
  Picture sample_sheet(const NamedTensors& weights) const override;  // nothing to see
  void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const override;

 private:
  ScorerConfig config_;
  ScorerBatchOptions data_;
  int rank_, world_size_;
  std::unique_ptr<TrainableWeights> weights_;
  std::unique_ptr<ScorerModel> model_;
};

}  // namespace easel
