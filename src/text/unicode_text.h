// unicode_text.h — the Unicode rules that prompts are read by: validation and normalisation.
#pragma once

#include <string>
#include <string_view>

namespace easel {

// Code points of UTF-8 text. Throws InvalidArgument with the offset of the first byte that is not valid UTF-8
// (overlong forms and surrogates included); `where` names the caller in the message.
std::u32string decode_utf8(std::string_view utf8, const char* where);

// What CLIP's tokenizer does to text before it is split: NFC; every run of White_Space becomes one space; each
// character is lowercased by itself (U+0130 becomes i + U+0307, which stay apart; sigma knows no final form).
// Throws as decode_utf8 does.
std::u32string normalise_prompt_text(std::string_view utf8);

}  // namespace easel
