#include "files/quoted_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <system_error>

namespace easel {
namespace {

constexpr size_t kLongest = 160;  // bytes of a name shown in full; tensor names of SD models stay below 120
constexpr size_t kShownEnd = 60;  // of longer ones, this much of either end

void append_byte(std::string& out, char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto value = static_cast<uint8_t>(byte);
  switch (byte) {
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      out += "\\x";
      out += kDigits[value >> 4];
      out += kDigits[value & 15];
  }
}

// Control characters, and what rearranges or breaks lines: U+2028, U+2029 and the bidirectional controls.
bool is_shown(utf8proc_int32_t codepoint) {
  switch (utf8proc_category(codepoint)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return false;
    default: return true;
  }
}

// Bytes of the first character, 0 where they are no UTF-8. REQUIRES: text is not empty.
size_t first_character(std::string_view text, utf8proc_int32_t& codepoint) {
  const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &codepoint);
  return length > 0 ? static_cast<size_t>(length) : 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
  utf8proc_int32_t codepoint = 0;
  while (!text.empty()) {
    const size_t length = first_character(text, codepoint);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string escaped_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t codepoint = 0;
    const size_t length = first_character(text, codepoint);
    const size_t used = std::max<size_t>(length, 1);
    if (length == 1 && (codepoint == '\'' || codepoint == '\\'))
      (out += '\\') += text[0];
    else if (length > 0 && is_shown(codepoint))
      out += text.substr(0, used);
    else
      for (char byte : text.substr(0, used)) append_byte(out, byte);
    text.remove_prefix(used);
  }
  return out;
}

std::string quoted_text(std::string_view text) {
  if (text.size() <= kLongest) return "'" + escaped_text(text) + "'";
  return "'" + escaped_text(text.substr(0, kShownEnd)) + "' (" + std::to_string(text.size() - 2 * kShownEnd) +
         " more bytes) '" + escaped_text(text.substr(text.size() - kShownEnd)) + "'";
}

std::string system_message(int error_number) { return std::generic_category().message(error_number); }

}  // namespace easel
