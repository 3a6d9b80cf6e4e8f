// training_log.h — how a training went: one JSON object per line, and its curve as a picture.
#pragma once

#include <filesystem>

#include "training/training_progress.h"

namespace easel {

// training_log.jsonl in the output folder. A line: {"step", "loss", …, "learning_rate", "examples_per_s"}.
class TrainingLog {
 public:
  // Drops the lines of steps after `step`, which a resumed training does again, and a line that was cut off. Throws as
  // AtomicFile does.
  void open(const std::filesystem::path& output_dir, int64_t step);
  // Throws ResourceExhausted where the line cannot be written.
  void add(const TrainingProgress& progress);
  // training_log.png beside it: every number of the log over the steps. Nothing where Easel was built without Cairo.
  void draw_curve() const;

 private:
  std::filesystem::path path_;
};

}  // namespace easel
