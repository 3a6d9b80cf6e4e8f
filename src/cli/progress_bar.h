// progress_bar.h — the state of a generation or another long work on standard error: a redrawn line on a terminal,
// occasional lines elsewhere.
#pragma once

#include <string>

#include "easel/pipeline.h"

namespace easel::cli {

class ProgressBar {
 public:
  enum class Mode { terminal, lines, silent };
  explicit ProgressBar(Mode mode) : mode_(mode) {}
  ~ProgressBar();
  // What suits standard error: terminal where it is one.
  static Mode mode_for_stderr();

  void show(const GenerationProgress& progress);
  // share: done, of 0..1; elapsed_s: since the work began.
  void show(const std::string& text, double share, double elapsed_s);
  // Ends the redrawn line, so that what follows starts on its own.
  void finish();

 private:
  Mode mode_;
  bool line_open_ = false;
  double last_line_s_ = 0;
};

}  // namespace easel::cli
