#include "text/prompt_syntax.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "text/language/word_search.h"

namespace easel {
namespace {

using Kind = PromptElement::Kind;

constexpr size_t kMaxOpenBrackets = 256;  // 1.1^256 is 4e10: nothing above is a weight
constexpr std::string_view kBreak = "BREAK";
constexpr std::string_view kSpecial = "\\()[]:";
constexpr std::string_view kSpace = " \t\n\r\f\v";

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

class SyntaxReader {
 public:
  std::vector<PromptElement> read(std::string_view prompt) {
    while (!prompt.empty()) prompt.remove_prefix(consume(prompt));
    return std::move(elements_);
  }

 private:
  // Reads one element of the grammar; returns its length in bytes.
  size_t consume(std::string_view rest) {
    switch (rest.front()) {
      case '\\': return consume_escape(rest);
      case '(': return open(Kind::open_round, open_round_);
      case '[': return open(Kind::open_square, open_square_);
      case ')': return close(Kind::close_round, open_round_, rest, 1);
      case ']': return close(Kind::close_square, open_square_, rest, 1);
      case ':':
        if (const auto suffix = match_weight_suffix(rest); suffix && open_round_ > 0)
          return close(Kind::close_round, open_round_, rest, suffix->length, parse_weight(suffix->number));
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

  size_t open(Kind kind, size_t& open_count) {
    if (open_count == kMaxOpenBrackets)
      throw Error(ErrorCode::InvalidArgument,
                  "[prompt] more than " + std::to_string(kMaxOpenBrackets) + " brackets of a kind are open at once");
    ++open_count;
    elements_.push_back({.kind = kind});
    return 1;
  }

  // The end of a bracket, or the closing character itself where none is open.
  size_t close(Kind kind, size_t& open_count, std::string_view rest, size_t length,
               std::optional<double> weight = std::nullopt) {
    if (open_count == 0) {
      append(rest.substr(0, length));
    } else {
      --open_count;
      elements_.push_back({.kind = kind, .weight = weight});
    }
    return length;
  }

  void append(std::string_view text) {
    if (!text.empty()) elements_.push_back({.text = std::string(text)});
  }

  void append_with_breaks(std::string_view text) {
    for (size_t at = find_word(text, kBreak); at != text.npos; at = find_word(text, kBreak)) {
      append(trim_right(text.substr(0, at)));
      elements_.push_back({.kind = Kind::separator});
      text = trim_left(text.substr(at + kBreak.size()));
    }
    append(text);
  }

  std::vector<PromptElement> elements_;
  size_t open_round_ = 0, open_square_ = 0;
};

}  // namespace

std::vector<PromptElement> read_prompt_syntax(std::string_view prompt) { return SyntaxReader().read(prompt); }

}  // namespace easel
