#include "text/clip_words.h"

#include <string>

#include "text/code_point.h"

namespace easel {
namespace {

// Length of the contraction ('s 't 're 've 'm 'll 'd) that starts at `begin`, or 0.
size_t contraction_length(std::u32string_view text, size_t begin) {
  constexpr std::u32string_view kContractions[] = {U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};
  for (const std::u32string_view contraction : kContractions)
    if (text.substr(begin).starts_with(contraction)) return contraction.size();
  return 0;
}

// End of the word that starts at `begin`, as the pattern of the header says. REQUIRES: text[begin] is no space.
size_t word_end(std::u32string_view text, size_t begin) {
  if (const size_t length = contraction_length(text, begin)) return begin + length;
  if (is_number(text[begin])) return begin + 1;
  const bool letters = is_letter(text[begin]);
  size_t end = begin + 1;
  while (end < text.size() && text[end] != U' ' && !is_number(text[end]) && is_letter(text[end]) == letters) ++end;
  return end;
}

}  // namespace

void for_each_clip_word(std::u32string_view normalised, const std::function<void(std::string_view word)>& visit) {
  std::string word;
  for (size_t begin = 0; begin < normalised.size();) {
    if (normalised[begin] == U' ') {
      ++begin;
      continue;
    }
    const size_t end = word_end(normalised, begin);
    word.clear();
    for (; begin < end; ++begin) append_utf8(word, normalised[begin]);
    visit(word);
  }
}

}  // namespace easel
