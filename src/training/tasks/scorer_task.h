// scorer_task.h — training the scorer on drawings of Storybook.
#pragma once

#include <memory>

#include "training/data/scorer_batch.h"
#include "training/evaluation/scorer_model.h"
#include "training/train_config.h"
#include "training/training_task.h"

namespace easel {

class ScorerTask final : public TrainingTask {
 public:
  // The network is that of config.vision_model (a ScorerConfig), or of the scorer in config.model, whose weights it
  // then goes on from, or the default one. `rank` of `world_size` processes draws its own share of the scenes.
  ScorerTask(const TrainConfig& config, int rank, int world_size);

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
