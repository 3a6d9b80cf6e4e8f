// progress_clock.h — reports a generation's progress to its callbacks, and stops it when they ask.
#pragma once

#include <chrono>
#include <vector>

#include "easel/pipeline.h"

namespace easel {

class ProgressClock {
 public:
  ProgressClock(const GenerationCallbacks& callbacks, int64_t num_steps);

  // Throws Cancelled where the callback returned false.
  void report(GenerationPhase phase, int64_t step, std::vector<Picture> previews = {});
  int64_t num_steps() const { return num_steps_; }

 private:
  using Clock = std::chrono::steady_clock;

  const GenerationCallbacks& callbacks_;
  int64_t num_steps_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point denoising_start_ = start_;
};

}  // namespace easel
