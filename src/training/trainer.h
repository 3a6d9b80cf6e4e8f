// trainer.h — the loop that every training runs in.
//
// A step is gradient_accumulation_steps batches, one backward pass each, then one update per parameter group. Nothing
// that a step does depends on anything but the state before it and its number, so a training that is resumed from a
// checkpoint ends bit for bit where an unbroken one ends (on the CPU, with the same number of threads).
#pragma once

#include <cstdint>
#include <filesystem>

#include "ops/process_group.h"
#include "training/lr_schedule.h"
#include "training/optimizer.h"
#include "training/training_checkpoint.h"
#include "training/training_progress.h"
#include "training/training_task.h"

namespace easel {

struct TrainerOptions {
  std::filesystem::path output_dir = {};
  int64_t max_train_steps = 10'000;
  int64_t gradient_accumulation_steps = 1;  // batches in a step
  double learning_rate = 1e-4;              // at its highest
  LrSchedule lr_schedule = {};
  OptimizerOptions optimizer = {};  // of every parameter group; use_ema is of group 0 alone
  CheckpointingOptions checkpointing = {};
  int64_t logging_steps = 10;  // between lines of the log
  int64_t sample_steps = 0;    // between sheets of samples; 0: none
};

// Trains until max_train_steps and writes, in output_dir: checkpoint-<step>/, training_log.jsonl and its curve
// training_log.png, samples/step-<step>.png, and at the end model/. Throws Cancelled where it was interrupted, after a
// checkpoint of the steps done; Unsupported naming the step where a loss or gradient is not finite: the last checkpoint
// is then from before it.
//
// processes: the others that train with this one, each on its own share of the batches, or null. Gradients are averaged
// over all of them, so weights stay the same everywhere; the first one writes the files. An interruption of one ends
// the training of all after the step: between operations it would leave the others waiting.
void train(TrainingTask& task, const TrainerOptions& options, const TrainingCallbacks& callbacks,
           ProcessGroup* processes = nullptr);

}  // namespace easel
