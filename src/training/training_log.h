// training_log.h — how a training went: one JSON object per line, and its curve as a picture.
#pragma once

#include <filesystem>

#include "training/training_progress.h"

namespace easel {

// training_log.jsonl in the output folder. A line: {"step", "learning_rate", "examples_per_s", "loss", …}.
class TrainingLog {
 public:
  // Drops the lines of steps after `step`, which a resumed training does again. Throws as AtomicFile does.
  void open(const std::filesystem::path& output_dir, int64_t step);
  void add(const TrainingProgress& progress);

 private:
  std::filesystem::path path_;
};

}  // namespace easel
