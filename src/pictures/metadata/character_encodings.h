// character_encodings.h — the encodings in which picture files hold text, to UTF-8 and back.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace easel {

bool is_valid_utf8(std::string_view text);

std::string latin1_to_utf8(std::string_view latin1);
// Nothing where a character is beyond U+00FF. REQUIRES: valid UTF-8.
std::optional<std::string> utf8_to_latin1(std::string_view utf8);

// A lone surrogate becomes U+FFFD; an odd last byte is dropped.
std::string utf16_to_utf8(std::span<const uint8_t> utf16, std::endian byte_order);
// REQUIRES: valid UTF-8.
std::vector<uint8_t> utf8_to_utf16_big_endian(std::string_view utf8);

}  // namespace easel
