// training_progress.h — what a training reports while it runs, and how it is stopped.
#pragma once

#include <cstdint>
#include <functional>
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

// Each may be empty.
struct TrainingCallbacks {
  // Called every logging_steps steps.
  std::function<void(const TrainingProgress&)> on_progress = {};
  // Called with what was read and written: broken examples, checkpoints, samples, the model.
  std::function<void(const std::string&)> on_message = {};
  // Asked after every batch (the tokenizer's training: every text and merge); true ends the training. Sooner ends it a
  // token (tensor/cancellation_scope.h): between two operations of a step whose update has not begun, else after it.
  std::function<bool()> interrupted = {};

  bool asked_to_stop() const { return interrupted && interrupted(); }
  void message(const std::string& text) const {
    if (on_message) on_message(text);
  }
};

}  // namespace easel
