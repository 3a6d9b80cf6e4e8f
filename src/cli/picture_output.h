// picture_output.h — what a command that makes pictures writes and prints.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/progress_bar.h"
#include "easel/pipeline.h"
#include "request/parameter_grid.h"
#include "request/parameter_row.h"

namespace easel::cli {

struct OutputOptions {
  std::string output;
  std::string from;
  int64_t preview = 0;
  bool json = false;
  std::string uncertainty;
  std::vector<std::string> grid;
};

const ParameterTable<OutputOptions>& output_table();

// The files of one run: checked before anything is computed, written when the pictures are there.
class PictureOutput {
 public:
  enum class Form { stills, animation };

  // Throws where a file could not be written, or is one that is read. count: of the stills; an animation is one file.
  PictureOutput(const OutputOptions& options, const GenerationParameters& parameters, Form form, int64_t count);
  PictureOutput(const OutputOptions& options, const GenerationParameters& parameters)
      : PictureOutput(options, parameters, Form::stills, parameters.num_images) {}

  // Progress on standard error, and previews beside the files. REQUIRES: this outlives what they are given to.
  GenerationCallbacks callbacks();

  // Saves all, and prints where they are.
  void write(const std::vector<GeneratedPicture>& pictures);
  // The same as frames of one file. REQUIRES: Form::animation.
  void write_animation(const std::vector<GeneratedPicture>& pictures, double frames_per_second);

 private:
  nlohmann::ordered_json write_uncertainty(const std::vector<GeneratedPicture>& pictures) const;
  void print(const std::vector<GeneratedPicture>& pictures) const;

  const OutputOptions& options_;
  std::vector<std::filesystem::path> paths_;
  ProgressBar bar_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

using MakePicture = std::function<GeneratedPicture(const GenerationParameters&, const GenerationCallbacks&)>;

// A picture for every combination of the options' grid, numbered, and all of them on one sheet at the output's path,
// with labels. Throws as parse_grid_axis, grid_cells and PictureOutput.
void write_grid(const OutputOptions& options, const GenerationParameters& parameters, const MakePicture& make);

}  // namespace easel::cli
