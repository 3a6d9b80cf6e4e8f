// trainer.h — the loop that every training runs in.
//
// A step is gradient_accumulation_steps batches, one backward pass each, then one update per parameter group. Nothing
// that a step does depends on anything but the state before it and its number, so a training that is resumed from a
// checkpoint ends bit for bit where an unbroken one ends (on the CPU, with the same number of threads).
#pragma once

#include <functional>
#include <string>

#include "ops/process_group.h"
#include "training/train_config.h"
#include "training/training_progress.h"
#include "training/training_task.h"

namespace easel {

struct TrainingCallbacks {
  // Told every logging_steps steps.
  std::function<void(const TrainingProgress&)> on_progress;
  // Told of checkpoints and samples written.
  std::function<void(const std::string&)> on_message;
  // Asked after every batch; true ends the training. Sooner ends it a token (tensor/cancellation_scope.h): between two
  // operations of a step whose update has not begun, else after the step.
  std::function<bool()> interrupted;
};

// Trains until max_train_steps and writes, in output_dir: checkpoint-<step>/, training_log.jsonl and its curve
// training_log.png, samples/step-<step>.png, and at the end model/. Throws Cancelled where it was interrupted, after a
// checkpoint of the steps done; Unsupported naming the step where a loss or gradient is not finite: the last checkpoint
// is then from before it.
//
// processes: the others that train with this one, each on its own share of the batches, or null. Gradients are averaged
// over all of them, so weights stay the same everywhere; the first one writes the files. An interruption of one ends
// the training of all after the step: between operations it would leave the others waiting.
void train(TrainingTask& task, const TrainConfig& config, TrainerKind trainer, const TrainingCallbacks& callbacks,
           ProcessGroup* processes = nullptr);

}  // namespace easel
