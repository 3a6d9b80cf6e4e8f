#include "datasets/picture_listing.h"

#include <algorithm>
#include <cctype>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

void require_data(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return;
  throw Error(error ? ErrorCode::InvalidArgument : ErrorCode::NotFound,
              "[dataset] " + quoted_text(path.string()) + ": " + (error ? error.message() : "no such file or folder"));
}

}  // namespace easel
