// training_progress.h — what a training tells of itself while it runs.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace easel {

struct TrainingProgress {
  int64_t step = 0;  // steps done
  int64_t num_steps = 0;
  double learning_rate = 0;
  double examples_per_s = 0;
  double remaining_s = 0;                              // estimated
  std::vector<std::pair<std::string, double>> values;  // "loss", its terms, "grad_norm": means since the last line
};

}  // namespace easel
