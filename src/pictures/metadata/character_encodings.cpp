#include "pictures/metadata/character_encodings.h"

#include <utf8proc.h>

namespace easel {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// The code point at the start of `text`, which is shortened by it; nothing where the bytes are not valid UTF-8.
std::optional<char32_t> take_code_point(std::string_view& text) {
  utf8proc_int32_t code_point = 0;
  const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (length <= 0) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(length));
  return static_cast<char32_t>(code_point);
}

void append_code_point(std::string& utf8, char32_t code_point) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
  utf8.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
}

bool is_high_surrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty())
    if (!take_code_point(text)) return false;
  return true;
}

std::string latin1_to_utf8(std::string_view latin1) {
  std::string utf8;
  for (const char byte : latin1) append_code_point(utf8, static_cast<unsigned char>(byte));
  return utf8;
}

std::optional<std::string> utf8_to_latin1(std::string_view utf8) {
  std::string latin1;
  while (!utf8.empty()) {
    const auto code_point = take_code_point(utf8);
    if (!code_point || *code_point > 0xFF) return std::nullopt;
    latin1 += static_cast<char>(*code_point);
  }
  return latin1;
}

std::string utf16_to_utf8(std::span<const uint8_t> utf16, std::endian byte_order) {
  const auto unit_at = [&](size_t i) -> char32_t {
    const uint8_t first = utf16[2 * i], second = utf16[2 * i + 1];
    return byte_order == std::endian::big ? static_cast<char32_t>(first << 8 | second)
                                          : static_cast<char32_t>(second << 8 | first);
  };
  const size_t num_units = utf16.size() / 2;
  std::string utf8;
  for (size_t i = 0; i < num_units; ++i) {
    const char32_t unit = unit_at(i);
    if (is_high_surrogate(unit) && i + 1 < num_units && is_low_surrogate(unit_at(i + 1)))
      append_code_point(utf8, 0x10000 + ((unit - 0xD800) << 10) + (unit_at(++i) - 0xDC00));
    else
      append_code_point(utf8, is_high_surrogate(unit) || is_low_surrogate(unit) ? kReplacement : unit);
  }
  return utf8;
}

std::vector<uint8_t> utf8_to_utf16_big_endian(std::string_view utf8) {
  std::vector<uint8_t> utf16;
  const auto append_unit = [&](char32_t unit) {
    utf16.push_back(static_cast<uint8_t>(unit >> 8));
    utf16.push_back(static_cast<uint8_t>(unit));
  };
  while (!utf8.empty()) {
    const char32_t code_point = take_code_point(utf8).value();
    if (code_point < 0x10000) {
      append_unit(code_point);
    } else {
      append_unit(0xD800 + ((code_point - 0x10000) >> 10));
      append_unit(0xDC00 + (code_point & 0x3FF));
    }
  }
  return utf16;
}

}  // namespace easel
