#include "text/language/composed_prompt.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "files/trimmed_text.h"
#include "text/language/word_search.h"

namespace easel {
namespace {

constexpr std::string_view kAnd = "AND";

[[noreturn]] void fail_unsupported(std::string_view tag, const char* what) {
  throw Error(ErrorCode::Unsupported, "[prompt] " + quoted_text(tag) + ": " + what);
}

// The prompt and the weight behind its last colon.
std::pair<std::string_view, double> split_weight(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == text.npos) return {text, 1.0};
  std::string_view number = text.substr(colon + 1);
  number.remove_prefix(std::min(number.find_first_not_of(kWhiteSpace), number.size()));
  number = number.substr(0, number.find_last_not_of(kWhiteSpace) + 1);
  if (number.starts_with('+')) number.remove_prefix(1);
  double weight = 0;
  const char* const end = number.data() + number.size();
  const auto [parsed, error] = std::from_chars(number.data(), end, weight, std::chars_format::fixed);
  if (error != std::errc{} || parsed != end || !std::isfinite(weight)) return {text, 1.0};
  return {text.substr(0, colon), weight};
}

}  // namespace

void require_known_tags(std::string_view prompt) {
  for (size_t at = prompt.find('<'); at != prompt.npos; at = prompt.find('<', at + 1)) {
    size_t name = at + 1;
    while (name < prompt.size() && is_word_byte(prompt[name])) ++name;
    const size_t end = prompt.find('>', name);
    if (name == at + 1 || name == prompt.size() || prompt[name] != ':' || end == prompt.npos) continue;
    fail_unsupported(prompt.substr(at, end + 1 - at), "adapters and other networks are not supported yet");
  }
  constexpr std::string_view kEmbedding = "embedding";
  for (size_t at = find_word(prompt, kEmbedding); at != prompt.npos; at = find_word(prompt, kEmbedding, at + 1)) {
    const size_t name = at + kEmbedding.size() + 1;
    if (name >= prompt.size() || prompt[name - 1] != ':' || kWhiteSpace.find(prompt[name]) != kWhiteSpace.npos)
      continue;
    const size_t end = std::min(prompt.find_first_of(" \t\n\r\f\v,():[]", name), prompt.size());
    fail_unsupported(prompt.substr(at, end - at), "textual inversion is not supported yet");
  }
}

std::vector<PromptPart> compose_prompt(std::string_view prompt, int num_steps, int steps_before) {
  require_known_tags(prompt);
  std::vector<std::string_view> texts;
  for (size_t at = find_word(prompt, kAnd); at != prompt.npos; at = find_word(prompt, kAnd)) {
    texts.push_back(prompt.substr(0, at));
    prompt.remove_prefix(at + kAnd.size());
  }
  if (texts.empty()) return {{.schedule = schedule_prompt(prompt, num_steps, steps_before)}};
  texts.push_back(prompt);
  std::vector<PromptPart> parts;
  for (const std::string_view text : texts) {
    const auto [words, weight] = split_weight(text);
    parts.push_back({.weight = weight, .schedule = schedule_prompt(words, num_steps, steps_before)});
  }
  return parts;
}

}  // namespace easel
