// prompt_weighting.h — what the brackets of a prompt weigh, as in the AUTOMATIC1111 webui.
//
//   (x)      weight x 1.1; nests: ((x)) is 1.21      (x:1.3)  weight x 1.3 instead      [x]      weight / 1.1
#pragma once

#include <string>
#include <vector>

#include "text/prompt_syntax.h"

namespace easel {

struct WeightedText {
  std::string text;       // empty for a break
  double weight = 1.0;    // of each token of the text
  bool is_break = false;  // a BREAK; its weight means nothing

  bool operator==(const WeightedText&) const = default;
};

// Neighbours of equal weight are one entry; no elements are one entry of empty text. Throws InvalidArgument where
// nested weights overflow.
std::vector<WeightedText> weighted_texts(const std::vector<PromptElement>& elements);

}  // namespace easel
