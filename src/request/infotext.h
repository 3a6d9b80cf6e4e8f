// infotext.h — how a picture was made, in the text form of the AUTOMATIC1111 webui, which many programs read:
//
//   prompt, over any number of lines
//   Negative prompt: over any number of lines
//   Steps: 20, Sampler: Euler a, Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 512x512, …
//
// The form loses what it cannot hold: lines are trimmed, and a prompt with a line that starts with "Negative prompt:"
// reads back as two. Easel's JSON account beside it (picture_file.h) is exact.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace easel {

struct Infotext {
  std::string prompt;
  std::string negative_prompt;
  // In order. A key is a letter or digit, then letters, digits, spaces, '-', '/' or '_'.
  std::vector<std::pair<std::string, std::string>> fields;

  const std::string* find(std::string_view key) const;  // the value of the first such field, or null
  bool operator==(const Infotext&) const = default;
};

// Values with a comma, a colon, a line break or whatever else would not read back are quoted as JSON strings. A NUL,
// which no picture file can hold, becomes U+FFFD. REQUIRES: keys as above.
std::string format_infotext(const Infotext& infotext);

// Never fails: what is no infotext is all prompt. The last line counts as fields where it holds at least three. A value
// such as 512x768 under "Size" gives two fields, "Size-1" and "Size-2", as in the webui.
Infotext parse_infotext(std::string_view text);

// Adds what the webui leaves out where it is the default (Clip skip 1, RNG GPU, …), and splits sampler names from
// before version 1.9, such as "DPM++ 2M Karras", into sampler and schedule.
void fill_infotext_defaults(Infotext& infotext);

}  // namespace easel
