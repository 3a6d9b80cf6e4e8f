// word_search.h — a word in a prompt that stands alone.
#pragma once

#include <string_view>

namespace easel {

// Letters, digits, '_' and every byte of a character outside ASCII: what may not stand beside a word.
bool is_word_byte(char c);

// Offset of the next `word` of `text` from `from` on that has no word byte beside it, or npos.
size_t find_word(std::string_view text, std::string_view word, size_t from = 0);

}  // namespace easel
