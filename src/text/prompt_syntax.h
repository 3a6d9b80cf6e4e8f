// prompt_syntax.h — a prompt's text and its brackets apart, as the AUTOMATIC1111 webui reads them:
//
//   (x)  (x:1.3)  [x]      emphasis, which nests and may overlap
//   BREAK                  the word alone: what follows starts a new chunk
//   \( \) \[ \] \\         the character itself; any other lone backslash is dropped
//
// A bracket that is never closed reaches to the end; a closing one that was never opened is text. What a bracket means
// is for the readers of the elements: prompt_weighting.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace easel {

struct PromptElement {
  // A close belongs to the last open of its kind that is not closed yet; opens may stay without one.
  enum class Kind { text, open_round, close_round, open_square, close_square, separator };
  Kind kind = Kind::text;
  std::string text{};              // of a text; never empty
  std::optional<double> weight{};  // of a close_round with a number: 1.3 in (x:1.3)
};

// In one pass over the prompt. Throws InvalidArgument where the weight of (x:weight) has digits but is no finite
// number, such as 1.2.3 (a colon without digits is text), and where more than 256 brackets of a kind are open at once.
std::vector<PromptElement> read_prompt_syntax(std::string_view prompt);

}  // namespace easel
