#include "pipelines/progress_clock.h"

#include "easel/error.h"

namespace easel {

ProgressClock::ProgressClock(const GenerationCallbacks& callbacks, int64_t num_steps)
    : callbacks_(callbacks), num_steps_(num_steps) {}

void ProgressClock::report(GenerationPhase phase, int64_t step, std::vector<Picture> previews) {
  if (phase == GenerationPhase::denoising && step == 0) denoising_start_ = Clock::now();
  if (!callbacks_.on_progress) return;
  const std::chrono::duration<double> elapsed = Clock::now() - start_;
  const std::chrono::duration<double> denoising = Clock::now() - denoising_start_;
  const double remaining_s =
      phase == GenerationPhase::denoising && step > 0
          ? denoising.count() / static_cast<double>(step) * static_cast<double>(num_steps_ - step)
          : -1.0;
  const bool go_on = callbacks_.on_progress({.phase = phase,
                                             .step = step,
                                             .num_steps = num_steps_,
                                             .elapsed_s = elapsed.count(),
                                             .remaining_s = remaining_s,
                                             .previews = std::move(previews)});
  if (!go_on)
    throw Error(ErrorCode::Cancelled,
                "[generate] cancelled at step " + std::to_string(step) + " of " + std::to_string(num_steps_));
}

}  // namespace easel
