#include "cli/progress_bar.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace easel::cli {
namespace {

constexpr int kBarWidth = 24;             // characters
constexpr double kSecondsPerLine = 10.0;  // where every update would be a line of a log

std::string describe(const GenerationProgress& progress) {
  if (progress.phase == GenerationPhase::encoding_prompt) return "reading the prompt";
  if (progress.phase == GenerationPhase::decoding) return "decoding the picture";
  std::string text = "step " + std::to_string(progress.step) + "/" + std::to_string(progress.num_steps);
  if (progress.remaining_s >= 0) text += ", " + format_duration(progress.remaining_s) + " left";
  return text;
}

std::string bar(const GenerationProgress& progress) {
  const bool denoising = progress.phase == GenerationPhase::denoising;
  const double share = denoising && progress.num_steps > 0
                           ? static_cast<double>(progress.step) / static_cast<double>(progress.num_steps)
                       : progress.phase == GenerationPhase::decoding ? 1.0
                                                                     : 0.0;
  const int filled = static_cast<int>(std::lround(share * kBarWidth));
  return "[" + std::string(static_cast<size_t>(filled), '#') +
         std::string(static_cast<size_t>(kBarWidth - filled), '.') + "] ";
}

}  // namespace

std::string format_duration(double seconds) {
  const long total = std::lround(std::max(0.0, seconds));
  if (total < 60) return std::to_string(total) + " s";
  if (total < 3600) return std::to_string(total / 60) + " min " + std::to_string(total % 60) + " s";
  return std::to_string(total / 3600) + " h " + std::to_string(total % 3600 / 60) + " min";
}

ProgressBar::Mode ProgressBar::mode_for_stderr() { return isatty(STDERR_FILENO) ? Mode::terminal : Mode::lines; }

ProgressBar::~ProgressBar() { finish(); }

void ProgressBar::show(const GenerationProgress& progress) {
  if (mode_ == Mode::silent) return;
  if (mode_ == Mode::terminal) {
    std::fprintf(stderr, "\r\x1b[K%s%s", bar(progress).c_str(), describe(progress).c_str());
    line_open_ = true;
  } else if (progress.elapsed_s - last_line_s_ >= kSecondsPerLine) {
    std::fprintf(stderr, "%s\n", describe(progress).c_str());
    last_line_s_ = progress.elapsed_s;
  }
  std::fflush(stderr);
}

void ProgressBar::finish() {
  if (line_open_) std::fprintf(stderr, "\r\x1b[K");
  line_open_ = false;
}

}  // namespace easel::cli
