#include "text/prompt_weighting.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

constexpr double kRoundFactor = 1.1;
constexpr double kSquareFactor = 1 / 1.1;
constexpr size_t kMaxOpenBrackets = 256;  // 1.1^256 is 4e10: nothing above is a weight
constexpr std::string_view kBreak = "BREAK";
constexpr std::string_view kSpecial = "\\()[]:";
constexpr std::string_view kSpace = " \t\n\r\f\v";

// Letters, digits, '_' and every byte of a character outside ASCII: what may not stand beside the word BREAK.
bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

// Offset of the next word BREAK of `text` from `from` on, or npos.
size_t find_break(std::string_view text, size_t from) {
  for (size_t at = text.find(kBreak, from); at != text.npos; at = text.find(kBreak, at + 1)) {
    const size_t end = at + kBreak.size();
    if ((at == 0 || !is_word_byte(text[at - 1])) && (end == text.size() || !is_word_byte(text[end]))) return at;
  }
  return text.npos;
}

std::string_view trim_left(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
}

std::string_view trim_right(std::string_view text) { return text.substr(0, text.find_last_not_of(kSpace) + 1); }

// ": 1.3 )" at the start of `text`.
struct WeightSuffix {
  std::string_view number;
  size_t length;  // up to and with the bracket
};
std::optional<WeightSuffix> match_weight_suffix(std::string_view text) {
  if (!text.starts_with(':')) return std::nullopt;
  const size_t begin = text.find_first_not_of(kSpace, 1);
  if (begin == text.npos) return std::nullopt;
  const size_t digits = begin + (text[begin] == '+' || text[begin] == '-' ? 1 : 0);
  const size_t end = std::min(text.find_first_not_of(".0123456789", digits), text.size());
  const size_t bracket = text.find_first_not_of(kSpace, end);
  if (bracket == text.npos || text[bracket] != ')') return std::nullopt;
  if (text.substr(digits, end - digits).find_first_not_of('.') == text.npos) return std::nullopt;  // no digit
  return WeightSuffix{text.substr(begin, end - begin), bracket + 1};
}

double parse_weight(std::string_view number) {
  const std::string_view unsigned_number = number.starts_with('+') ? number.substr(1) : number;
  double weight = 0;
  const char* const end = unsigned_number.data() + unsigned_number.size();
  const auto [parsed, error] = std::from_chars(unsigned_number.data(), end, weight);
  if (error != std::errc{} || parsed != end || !std::isfinite(static_cast<float>(weight)))
    throw Error(ErrorCode::InvalidArgument,
                "[prompt] weight " + quoted_text(number) + " is no number, as 1.3 is in (word:1.3)");
  return weight;
}

class PromptParser {
 public:
  std::vector<WeightedText> parse(std::string_view prompt) {
    while (!prompt.empty()) prompt.remove_prefix(consume(prompt));
    for (const size_t opened : round_) multiply_from(opened, kRoundFactor);
    for (const size_t opened : square_) multiply_from(opened, kSquareFactor);
    return merged();
  }

 private:
  // Reads one element of the grammar; returns its length in bytes.
  size_t consume(std::string_view rest) {
    switch (rest.front()) {
      case '\\': return consume_escape(rest);
      case '(': return open(round_);
      case '[': return open(square_);
      case ')': return close(round_, kRoundFactor, rest, 1);
      case ']': return close(square_, kSquareFactor, rest, 1);
      case ':':
        if (const auto suffix = match_weight_suffix(rest); suffix && !round_.empty())
          return close(round_, parse_weight(suffix->number), rest, suffix->length);
        append(rest.substr(0, 1));
        return 1;
      default: {
        const size_t length = std::min(rest.find_first_of(kSpecial), rest.size());
        append_with_breaks(rest.substr(0, length));
        return length;
      }
    }
  }

  size_t consume_escape(std::string_view rest) {
    const bool escapes = rest.size() > 1 && std::string_view("()[]\\").find(rest[1]) != std::string_view::npos;
    if (!escapes) return 1;
    append(rest.substr(1, 1));
    return 2;
  }

  size_t open(std::vector<size_t>& opened) {
    if (opened.size() == kMaxOpenBrackets)
      throw Error(ErrorCode::InvalidArgument,
                  "[prompt] more than " + std::to_string(kMaxOpenBrackets) + " brackets of a kind are open at once");
    opened.push_back(parts_.size());
    return 1;
  }

  // The end of a bracket, or the closing character itself where none is open.
  size_t close(std::vector<size_t>& opened, double factor, std::string_view rest, size_t length) {
    if (opened.empty()) {
      append(rest.substr(0, length));
    } else {
      multiply_from(opened.back(), factor);
      opened.pop_back();
    }
    return length;
  }

  void append(std::string_view text) {
    if (!text.empty()) parts_.push_back({std::string(text)});
  }

  void append_with_breaks(std::string_view text) {
    for (size_t at = find_break(text, 0); at != text.npos; at = find_break(text, 0)) {
      append(trim_right(text.substr(0, at)));
      parts_.push_back({.text = "", .is_break = true});
      text = trim_left(text.substr(at + kBreak.size()));
    }
    append(text);
  }

  void multiply_from(size_t first, double factor) {
    for (size_t i = first; i < parts_.size(); ++i) parts_[i].weight *= factor;
  }

  std::vector<WeightedText> merged() const {
    std::vector<WeightedText> result;
    for (const WeightedText& part : parts_) {
      if (!std::isfinite(static_cast<float>(part.weight)))
        throw Error(ErrorCode::InvalidArgument, "[prompt] the weight of " + quoted_text(part.text) + " overflows");
      const bool joins =
          !result.empty() && !part.is_break && !result.back().is_break && result.back().weight == part.weight;
      if (joins)
        result.back().text += part.text;
      else
        result.push_back(part);
    }
    if (result.empty()) result.push_back({});
    return result;
  }

  std::vector<WeightedText> parts_;
  std::vector<size_t> round_, square_;  // for each open bracket the number of parts before it
};

}  // namespace

std::vector<WeightedText> parse_prompt(std::string_view prompt) { return PromptParser().parse(prompt); }

}  // namespace easel
