// trimmed_text.h — text without the white space around it.
#pragma once

#include <string_view>

namespace easel {

inline constexpr std::string_view kWhiteSpace = " \t\n\r\f\v";

inline std::string_view trimmed_text(std::string_view text) {
  const size_t begin = text.find_first_not_of(kWhiteSpace);
  return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(kWhiteSpace) + 1 - begin);
}

}  // namespace easel
