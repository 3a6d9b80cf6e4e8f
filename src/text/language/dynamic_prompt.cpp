#include "text/language/dynamic_prompt.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "files/trimmed_text.h"
#include "tensor/splitmix64.h"
#include "text/language/wildcards.h"
#include "text/language/word_search.h"

namespace easel {
namespace {

constexpr int kMaxDepth = 32;
constexpr size_t kMaxBytes = 65'536;
constexpr int kMaxDraws = 100'000;

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[prompt] " + what); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// For every '{' of a text that is closed the length of "{…}", else 0.
std::vector<size_t> brace_lengths(std::string_view text) {
  std::vector<size_t> lengths(text.size()), open;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '{') {
      open.push_back(i);
    } else if (text[i] == '}' && !open.empty()) {
      lengths[open.back()] = i + 1 - open.back();
      open.pop_back();
    }
  }
  return lengths;
}

// Length of "__name__" at the start of `text`, or 0.
size_t wildcard_length(std::string_view text) {
  if (!text.starts_with("__")) return 0;
  const size_t end = text.find("__", 2);
  if (end == text.npos || end == 2) return 0;
  const std::string_view name = text.substr(2, end - 2);
  const auto allowed = [](char c) {
    return is_word_byte(c) || std::string_view("-/*.~@!").find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(name, allowed) ? end + 2 : 0;
}

// Length of the comment at `text[at]`, without the line's end, or 0.
size_t comment_length(std::string_view text, size_t at) {
  const auto spaced = [&](size_t i) { return i >= text.size() || kWhiteSpace.find(text[i]) != kWhiteSpace.npos; };
  if (text[at] != '#' || (at > 0 && !spaced(at - 1)) || !spaced(at + 1)) return 0;
  return std::min(text.find('\n', at), text.size()) - at;
}

std::vector<std::string_view> split_options(std::string_view text) {
  const std::vector<size_t> braces = brace_lengths(text);
  std::vector<std::string_view> options;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (braces[i] > 0) {
      i += braces[i] - 1;
    } else if (text[i] == '|') {
      options.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  options.push_back(text.substr(begin));
  return options;
}

struct Option {
  std::string text;
  double weight = 1.0;
};

// "0.5::text".
Option read_option(std::string_view text) {
  const size_t colons = text.find("::");
  const size_t begin = std::min(text.find_first_not_of(kWhiteSpace), text.size());
  if (colons == text.npos || colons <= begin) return {.text = std::string(text)};
  const std::string_view number = text.substr(begin, colons - begin);
  double weight = 0;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), weight, std::chars_format::fixed);
  if (error != std::errc{} || end != number.data() + number.size()) return {.text = std::string(text)};
  if (!(weight >= 0) || !std::isfinite(weight))
    fail("weight " + quoted_text(number) + " of an option; must be 0 or more");
  return {.text = std::string(text.substr(colons + 2)), .weight = weight};
}

// What stands before the options: "2$$", "1-3$$", "-3$$", "2-$$", each with a separator before another "$$".
struct Quantity {
  size_t low = 1, high = 1;  // high: npos for all
  std::string separator = ",";
};

Quantity take_quantity(std::string_view& text) {
  size_t at = 0;
  const auto number = [&]() -> std::optional<size_t> {
    const size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    size_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + begin, text.data() + at, value);
    if (begin == at) return std::nullopt;
    if (error != std::errc{} || value > 1000)
      fail("so many options of one choice: " + quoted_text(text.substr(begin, at - begin)) + "; at most 1000");
    return value;
  };
  const std::optional<size_t> first = number();
  const bool range = at < text.size() && text[at] == '-';
  if (range) ++at;
  const std::optional<size_t> last = range ? number() : first;
  if ((!first && !range) || text.substr(at, 2) != "$$") return {};
  text.remove_prefix(at + 2);
  Quantity quantity{.low = first.value_or(1), .high = last.value_or(std::string_view::npos)};
  if (quantity.low > quantity.high) std::swap(quantity.low, quantity.high);
  const size_t end = text.find("$$");
  if (end != text.npos) {
    quantity.separator = text.substr(0, end);
    text.remove_prefix(end + 2);
  }
  return quantity;
}

class PromptDrawer {
 public:
  explicit PromptDrawer(const DynamicPromptOptions& options) : options_(options), state_(options.seed) {}

  std::string draw(std::string_view text) {
    if (++num_draws_ > kMaxDraws) fail("more than 100,000 options would be drawn");
    if (++depth_ > kMaxDepth)
      fail("wildcards, variables and choices nest more than " + std::to_string(kMaxDepth) +
           " deep; does one name itself?");
    const std::vector<size_t> braces = brace_lengths(text);
    std::string drawn;
    for (size_t i = 0; i < text.size();) i += draw_next(text, i, braces, drawn);
    if (drawn.size() > kMaxBytes) fail("the drawn prompt is longer than 64 KiB");
    --depth_;
    return drawn;
  }

 private:
  // Reads what stands at `at`; returns its length.
  size_t draw_next(std::string_view text, size_t at, const std::vector<size_t>& braces, std::string& drawn) {
    const std::string_view rest = text.substr(at);
    if (rest[0] == '\\') return append(rest.substr(0, 2), drawn);
    if (const size_t length = comment_length(text, at); length > 0) return length;
    if (const size_t length = braces[at]; length > 0) {
      drawn += draw_options(rest.substr(1, length - 2));
      return length;
    }
    if (const size_t length = rest.starts_with("${") ? braces[at + 1] : 0; length > 0) {
      drawn += use_variable(rest.substr(2, length - 2));
      return length + 1;
    }
    if (const size_t length = wildcard_length(rest); length > 0) {
      drawn += draw_some(lines_of(rest.substr(2, length - 4)), {});
      return length;
    }
    return append(rest.substr(0, 1), drawn);
  }

  static size_t append(std::string_view text, std::string& drawn) {
    drawn += text;
    return text.size();
  }

  // Without the sign for the extension's order of drawing.
  static std::string_view without_order(std::string_view text) {
    if (text.starts_with('~')) text.remove_prefix(1);
    if (text.starts_with('!') || text.starts_with('@'))
      throw Error(ErrorCode::Unsupported, "[prompt] " + quoted_text(text) +
                                              ": only random order (~) is supported, not " +
                                              (text[0] == '!' ? "combinatorial (!)" : "cyclical (@)"));
    return text;
  }

  std::string draw_options(std::string_view content) {
    content = without_order(content);
    const Quantity quantity = take_quantity(content);
    const std::vector<std::string_view> texts = split_options(content);
    std::vector<Option> options;
    for (const std::string_view text : texts) options.push_back(read_option(text));
    // Several lines of one list, not several times one of them.
    if (texts.size() == 1 && wildcard_length(texts[0]) == texts[0].size() && !texts[0].empty())
      options = lines_of(texts[0].substr(2, texts[0].size() - 4));
    return draw_some(options, quantity);
  }

  std::vector<Option> lines_of(std::string_view name) {
    name = without_order(name);
    std::vector<Option> options;
    for (const std::string& line : read_wildcard(options_.wildcards, name)) options.push_back(read_option(line));
    if (options.empty()) fail("wildcard __" + std::string(name) + "__ has no lines");
    return options;
  }

  // Each at most once, until none is left.
  std::string draw_some(const std::vector<Option>& options, const Quantity& quantity) {
    const size_t high =
        quantity.high == std::string_view::npos ? std::max(options.size(), quantity.low) : quantity.high;
    const size_t count = quantity.low + below(high - quantity.low + 1);
    std::vector<size_t> left;
    std::string drawn;
    for (size_t i = 0; i < count; ++i) {
      if (left.empty()) {
        left.resize(options.size());
        std::iota(left.begin(), left.end(), 0);
      }
      const size_t place = pick(options, left);
      if (i > 0) drawn += quantity.separator;
      drawn += draw(options[left[place]].text);
      left.erase(left.begin() + static_cast<ptrdiff_t>(place));
    }
    return drawn;
  }

  // "name=value", "name=!value", "name", "name:default".
  std::string use_variable(std::string_view content) {
    size_t end = 0;
    while (end < content.size() && is_word_byte(content[end])) ++end;
    const std::string name(content.substr(0, end));
    std::string_view rest = content.substr(end);
    if (name.empty()) fail("${" + std::string(content) + "}: no name");
    if (rest.starts_with("=!")) {
      variables_[name] = draw(rest.substr(2));
      return "";
    }
    if (rest.starts_with('=')) {
      variables_[name] = rest.substr(1);
      return "";
    }
    if (!rest.empty() && rest[0] != ':')
      fail("${" + std::string(content) + "}: must be ${name}, ${name:default} or ${name=value}");
    const auto variable = variables_.find(name);
    if (variable != variables_.end()) return draw(std::string(variable->second));
    if (rest.empty()) fail("${" + name + "} has no value; give it one with ${" + name + "=…}");
    return draw(rest.substr(1));
  }

  uint64_t next() { return splitmix64(state_ += kGoldenGamma); }
  size_t below(size_t bound) { return static_cast<size_t>(next() % bound); }

  // A place in `left`, with a probability by the weight of the option there.
  size_t pick(const std::vector<Option>& options, const std::vector<size_t>& left) {
    double total = 0;
    for (const size_t i : left) total += options[i].weight;
    double at = static_cast<double>(next() >> 11) * 0x1p-53 * total;
    for (size_t place = 0; place + 1 < left.size(); ++place)
      if ((at -= options[left[place]].weight) < 0) return place;
    return left.size() - 1;
  }

  const DynamicPromptOptions& options_;
  uint64_t state_;
  std::map<std::string, std::string> variables_;
  int depth_ = 0, num_draws_ = 0;
};

}  // namespace

bool is_dynamic_prompt(std::string_view prompt) {
  const std::vector<size_t> braces = brace_lengths(prompt);
  for (size_t i = 0; i < prompt.size(); ++i) {
    if (prompt[i] == '\\') {
      ++i;
      continue;
    }
    if (comment_length(prompt, i) > 0 || wildcard_length(prompt.substr(i)) > 0 || braces[i] > 0) return true;
  }
  return false;
}

std::string draw_dynamic_prompt(std::string_view prompt, const DynamicPromptOptions& options) {
  return PromptDrawer(options).draw(prompt);
}

}  // namespace easel
