// dynamic_prompt.h — prompts that leave something to chance, as the webui's extension Dynamic Prompts reads them:
//
//   {red|blue}  {2::red|blue}        one of them; the first twice as often
//   {2$$a|b|c}  {1-3$$ and $$a|b|c}  so many different ones, joined by "," or by what stands between the $$
//   __animal__  __places/*__         a line of wildcards/animal.txt, of any file in wildcards/places
//   ${pet={cat|dog}} … ${pet}        a name for it, drawn anew at every use; with =! drawn once; ${pet:cat} a default
//   # …                              a comment to the end of the line, where spaces or the line's ends stand around it
//
// They nest. A backslash keeps the character behind it from meaning anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace easel {

struct DynamicPromptOptions {
  std::string wildcards = "wildcards";  // folder
  uint64_t seed = 0;                    // the same seed draws the same prompt
};

// Whether anything in it is left to chance or left out.
bool is_dynamic_prompt(std::string_view prompt);

// The prompt with everything drawn. Throws InvalidArgument for wrong counts or weights, wildcards that name themselves,
// or a result of more than 64 KiB; NotFound for a wildcard without a file; Unsupported for the orders that the
// extension calls combinatorial and cyclical: {!…}, {@…}.
std::string draw_dynamic_prompt(std::string_view prompt, const DynamicPromptOptions& options);

}  // namespace easel
