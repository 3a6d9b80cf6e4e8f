// training_checkpoint.h — the state of a training on disk.
//
// A checkpoint is the folder "checkpoint-<step>" in the output folder with one file, state.safetensors: everything that
// the next step depends on. It is made under another name and renamed, so a folder of that name is always whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "training/trainable_weights.h"

namespace easel {

// When checkpoints are written, and which one a training begins with.
struct CheckpointingOptions {
  int64_t steps = 500;      // between checkpoints; 0: by time only
  double minutes = 10;      // after which one is written as well; 0: by steps only
  int64_t total_limit = 2;  // how many are kept, the newest
  std::string resume = {};  // "latest" or the folder of a checkpoint; empty: begins at the first step
  std::string config = {};  // JSON of the training's configuration, kept for the record
};

struct TrainingState {
  int64_t step = 0;    // steps done
  std::string config;  // JSON of the configuration, for the record
  NamedTensors tensors;
};

// Then removes the oldest ones over `limit` (0: none), and what an interrupted write has left.
void write_checkpoint(const std::filesystem::path& output_dir, const TrainingState& state, int64_t limit);

// `resume`: a checkpoint's folder, or "latest" for the newest in the output folder. Throws NotFound, CorruptFile.
TrainingState read_checkpoint(const std::filesystem::path& output_dir, const std::string& resume);

// Whether the output folder holds any checkpoint.
bool has_checkpoint(const std::filesystem::path& output_dir);

}  // namespace easel
