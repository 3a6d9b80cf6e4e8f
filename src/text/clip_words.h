// clip_words.h — the words that CLIP's byte-pair encoding works on.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace easel {

// Passes on, in order and as UTF-8, what matches
//   's|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
// REQUIRES: normalised: of normalise_prompt_text (unicode_text.h), whose only space is U+0020.
void for_each_clip_word(std::u32string_view normalised, const std::function<void(std::string_view word)>& visit);

}  // namespace easel
