// training_checkpoint.h — the state of a training on disk.
//
// A checkpoint is the folder "checkpoint-<step>" in the output folder with one file, state.safetensors: everything that
// the next step depends on. It is made under another name and renamed, so a folder of that name is always whole.
#pragma once

#include <filesystem>
#include <string>

#include "training/trainable_weights.h"

namespace easel {

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
