#include "cli/progress_bar.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "files/message_text.h"

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

double share_done(const GenerationProgress& progress) {
  if (progress.phase == GenerationPhase::decoding) return 1.0;
  if (progress.phase != GenerationPhase::denoising || progress.num_steps == 0) return 0.0;
  return static_cast<double>(progress.step) / static_cast<double>(progress.num_steps);
}

std::string bar(double share) {
  const int filled = static_cast<int>(std::lround(share * kBarWidth));
  return "[" + std::string(static_cast<size_t>(filled), '#') +
         std::string(static_cast<size_t>(kBarWidth - filled), '.') + "] ";
}

}  // namespace

ProgressBar::Mode ProgressBar::mode_for_stderr() { return isatty(STDERR_FILENO) ? Mode::terminal : Mode::lines; }

ProgressBar::~ProgressBar() { finish(); }

void ProgressBar::show(const GenerationProgress& progress) {
  show(describe(progress), share_done(progress), progress.elapsed_s);
}

void ProgressBar::show(const std::string& text, double share, double elapsed_s) {
  if (mode_ == Mode::silent) return;
  if (mode_ == Mode::terminal) {
    std::fprintf(stderr, "\r\x1b[K%s%s", bar(share).c_str(), text.c_str());
    line_open_ = true;
  } else if (elapsed_s - last_line_s_ >= kSecondsPerLine) {
    std::fprintf(stderr, "%s\n", text.c_str());
    last_line_s_ = elapsed_s;
  }
  std::fflush(stderr);
}

void ProgressBar::finish() {
  if (line_open_) std::fprintf(stderr, "\r\x1b[K");
  line_open_ = false;
}

}  // namespace easel::cli
