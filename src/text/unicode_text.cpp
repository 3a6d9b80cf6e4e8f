#include "text/unicode_text.h"

#include <utf8proc.h>

#include <vector>

#include "easel/error.h"

namespace easel {
namespace {

constexpr char32_t kCapitalIWithDot = 0x130;
constexpr char32_t kCombiningDotAbove = 0x307;

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

// Canonical composition (Unicode Standard Annex 15). REQUIRES: valid UTF-8.
std::vector<utf8proc_int32_t> compose_canonically(std::string_view utf8) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  const auto size_bytes = static_cast<utf8proc_ssize_t>(utf8.size());
  const utf8proc_ssize_t decomposed = utf8proc_decompose(bytes_of(utf8), size_bytes, nullptr, 0, kOptions);
  if (decomposed < 0) throw Error(ErrorCode::Internal, std::string("[unicode] ") + utf8proc_errmsg(decomposed));
  std::vector<utf8proc_int32_t> code_points(static_cast<size_t>(decomposed));
  utf8proc_decompose(bytes_of(utf8), size_bytes, code_points.data(), decomposed, kOptions);
  const utf8proc_ssize_t composed = utf8proc_normalize_utf32(code_points.data(), decomposed, kOptions);
  code_points.resize(static_cast<size_t>(composed));
  return code_points;
}

// The property White_Space.
bool is_white_space(char32_t c) {
  // PropList.txt of the Unicode Character Database; utf8proc has categories only, and U+0085 is Cc among others.
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

std::u32string decode_utf8(std::string_view utf8, const char* where) {
  std::u32string code_points;
  code_points.reserve(utf8.size());
  for (size_t offset = 0; offset < utf8.size();) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t length =
        utf8proc_iterate(bytes_of(utf8) + offset, static_cast<utf8proc_ssize_t>(utf8.size() - offset), &code_point);
    if (length <= 0)
      throw Error(ErrorCode::InvalidArgument,
                  std::string("[") + where + "] byte " + std::to_string(offset) + " of the text; must be valid UTF-8");
    code_points.push_back(static_cast<char32_t>(code_point));
    offset += static_cast<size_t>(length);
  }
  return code_points;
}

std::u32string normalise_prompt_text(std::string_view utf8) {
  decode_utf8(utf8, "tokenizer");  // for its check
  std::u32string normalised;
  normalised.reserve(utf8.size());
  for (const utf8proc_int32_t composed : compose_canonically(utf8)) {
    const auto code_point = static_cast<char32_t>(composed);
    if (is_white_space(code_point)) {
      if (normalised.empty() || normalised.back() != U' ') normalised.push_back(U' ');
    } else if (code_point == kCapitalIWithDot) {  // the one character whose lower case is two
      normalised += {U'i', kCombiningDotAbove};
    } else {
      normalised.push_back(static_cast<char32_t>(utf8proc_tolower(composed)));
    }
  }
  return normalised;
}

}  // namespace easel
