// prompt_weighting.h — the brackets in a prompt, as the AUTOMATIC1111 webui reads them.
//
//   (x)      weight x 1.1; nests: ((x)) is 1.21      (x:1.3)  weight x 1.3 instead
//   [x]      weight / 1.1                            BREAK    the word alone: what follows starts a new chunk
//   \( \) \[ \] \\   the character itself; any other lone backslash is dropped
// A bracket that is never closed reaches to the end; a closing one that was never opened stands for itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace easel {

struct WeightedText {
  std::string text;       // empty for a break
  double weight = 1.0;    // of each token of the text
  bool is_break = false;  // a BREAK; its weight means nothing

  bool operator==(const WeightedText&) const = default;
};

// Neighbours of equal weight are one entry; an empty prompt is one entry of empty text. Throws InvalidArgument where
// the weight of (x:weight) has digits but is no finite number, such as 1.2.3 (a colon without digits is text), where
// more than 256 brackets are open at once, and where nested weights overflow.
std::vector<WeightedText> parse_prompt(std::string_view prompt);

}  // namespace easel
