// parameter_grid.h — values of parameters to try against each other.
//
//   steps=10,20,40           a row for each value; names are those of flags and of the table
//   seed=1-5  seed=1-9 (+2)  cfg_scale=1-7 [4]   the webui's ranges: every number, by a step, so many evenly spaced
//   prompt:cat=cat,dog,fox   the prompt with "cat" replaced by each
//
// A value with a comma stands in double quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "easel/parameters.h"

namespace easel {

struct GridAxis {
  std::string name;    // of the parameter, as the table has it
  std::string label;   // as it was asked for
  std::string search;  // of a prompt: what the values replace; empty: the values are whole
  std::vector<std::string> values;
};

// Throws InvalidArgument: no '=', an unknown name, no values, a range of what is no number, more than 1,000 values.
GridAxis parse_grid_axis(std::string_view text);

struct GridCell {
  GenerationParameters parameters;
  std::string label;  // "steps 10, cfg_scale 3"
};

// Every combination, the first axis changing fastest. Throws InvalidArgument where a value does not suit its parameter,
// a prompt lacks the text to replace, or there are more than 1,000.
std::vector<GridCell> grid_cells(const GenerationParameters& parameters, const std::vector<GridAxis>& axes);

}  // namespace easel
