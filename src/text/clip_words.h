// clip_words.h — the words that CLIP's byte-pair encoding works on.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace easel {

// Normalises the text (unicode_text.h) and passes on, in order and as UTF-8, what matches
//   's|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
// Throws InvalidArgument where the text is not valid UTF-8.
void for_each_clip_word(std::string_view utf8, const std::function<void(std::string_view word)>& visit);

}  // namespace easel
