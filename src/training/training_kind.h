// training_kind.h — the kinds of training: what each one needs, and how its task is made of that.
#pragma once

#include <memory>
#include <span>

#include "datasets/batch_loader.h"
#include "training/train_config.h"
#include "training/trainer.h"

namespace easel {

// What run_training has ready for a task. Outlives it.
struct TrainingParts {
  const Dataset* dataset = nullptr;     // this and the loader: null for a kind that does not read the data set
  const BatchLoader* loader = nullptr;  // of this process's share
  ProcessGroup* processes = nullptr;    // null: there is one process
  const TrainingCallbacks& callbacks;
};

// A kind has either a task, which the loop of trainer.h trains on the torch backend, or a run of its own, where nothing
// is learned by gradients.
struct TrainingKind {
  using MakeTask = std::unique_ptr<TrainingTask> (*)(const TrainConfig& config, const TrainingParts& parts);
  using Run = void (*)(const TrainConfig& config, const TrainingCallbacks& callbacks);

  TrainerKind trainer;
  bool reads_dataset = false;
  MakeTask make_task = nullptr;
  Run run = nullptr;
};

std::span<const TrainingKind> training_kinds();
const TrainingKind& find_training_kind(TrainerKind trainer);

}  // namespace easel
