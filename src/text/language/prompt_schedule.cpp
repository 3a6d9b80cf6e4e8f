#include "text/language/prompt_schedule.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "easel/error.h"
#include "files/trimmed_text.h"

namespace easel {
namespace {

constexpr int kMaxNested = 64;
constexpr size_t kEscape = std::string_view::npos - 1;  // among closing brackets: a backslash before a character

// The step of "5", "0.5", "+.5e1"; nothing where the text is no number.
std::optional<int> step_of(std::string_view text, int num_steps, int steps_before) {
  text = trimmed_text(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.find_first_of("0123456789") == text.npos)
    return std::nullopt;
  value = text.find('.') == text.npos ? value - steps_before : (value - (steps_before > 0 ? 1 : 0)) * num_steps;
  return static_cast<int>(std::clamp(value, -1.0, static_cast<double>(num_steps)));
}

// For every bracket of a text the place of the one that closes it, and npos for every other byte.
std::vector<size_t> closing_brackets(std::string_view text) {
  std::vector<size_t> closing(text.size(), text.npos), round, square;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      closing[i++] = kEscape;
    } else if (text[i] == '(' || text[i] == '[') {
      (text[i] == '(' ? round : square).push_back(i);
    } else if (text[i] == ')' || text[i] == ']') {
      std::vector<size_t>& open = text[i] == ')' ? round : square;
      if (open.empty()) continue;
      closing[open.back()] = i;
      open.pop_back();
    }
  }
  return closing;
}

// Literal text, or prompts of which a step takes one.
struct Part {
  std::string text{};
  std::vector<std::vector<Part>> choices{};
  int when = -1;  // of two choices: the last step of the first; -1: in turn

  void write(int step, std::string& out) const {
    if (choices.empty()) return static_cast<void>(out += text);
    const size_t chosen = when >= 0 ? (step <= when ? 0 : 1) : static_cast<size_t>(step - 1) % choices.size();
    for (const Part& part : choices[chosen]) part.write(step, out);
  }
};

class ScheduleReader {
 public:
  ScheduleReader(std::string_view text, int num_steps, int steps_before)
      : text_(text),
        closing_(closing_brackets(text)),
        num_steps_(num_steps),
        steps_before_(steps_before),
        ends_{num_steps} {}

  std::vector<Part> read() { return read({0, text_.size()}, 0); }
  // The steps after which something changes, and the last one.
  const std::set<int>& ends() const { return ends_; }

 private:
  struct Span {
    size_t begin, end;
  };

  std::string_view text_of(Span span) const { return text_.substr(span.begin, span.end - span.begin); }

  std::vector<Part> read(Span span, int depth) {
    if (depth > kMaxNested)
      throw Error(ErrorCode::InvalidArgument,
                  "[prompt] more than " + std::to_string(kMaxNested) + " brackets that change with the step nest");
    std::vector<Part> parts;
    size_t literal = span.begin;
    for (size_t i = span.begin; i < span.end; ++i) {
      if (closing_[i] == kEscape) ++i;
      if (i >= span.end || text_[i] != '[' || closing_[i] >= span.end) continue;
      std::optional<Part> part = read_bracket({i + 1, closing_[i]}, depth);
      if (!part) continue;
      parts.push_back({.text = std::string(text_of({literal, i}))});
      parts.push_back(*std::move(part));
      i = closing_[i];
      literal = i + 1;
    }
    parts.push_back({.text = std::string(text_of({literal, span.end}))});
    return parts;
  }

  std::optional<Part> read_bracket(Span content, int depth) {
    const std::vector<Span> fields = split(content, ':');
    if (fields.size() == 2 || fields.size() == 3) {
      const std::optional<int> when = step_of(text_of(fields.back()), num_steps_, steps_before_);
      if (!when) return std::nullopt;
      if (*when >= 1) ends_.insert(*when);
      const Span from = fields.size() == 3 ? fields[0] : Span{content.begin, content.begin};
      return Part{.choices = {read(from, depth + 1), read(fields[fields.size() - 2], depth + 1)},
                  .when = std::max(0, *when)};
    }
    const std::vector<Span> turns = split(content, '|');
    if (fields.size() > 1 || turns.size() < 2) return std::nullopt;
    for (int step = 1; step <= num_steps_; ++step) ends_.insert(step);
    Part part;
    for (const Span turn : turns) part.choices.push_back(read(turn, depth + 1));
    return part;
  }

  // At a character outside every bracket that is closed in there.
  std::vector<Span> split(Span span, char separator) const {
    std::vector<Span> parts;
    size_t begin = span.begin;
    for (size_t i = span.begin; i < span.end; ++i) {
      if (closing_[i] == kEscape) {
        ++i;
      } else if (closing_[i] < span.end) {
        i = closing_[i];
      } else if (text_[i] == separator) {
        parts.push_back({begin, i});
        begin = i + 1;
      }
    }
    parts.push_back({begin, span.end});
    return parts;
  }

  std::string_view text_;
  std::vector<size_t> closing_;
  int num_steps_, steps_before_;
  std::set<int> ends_;
};

}  // namespace

std::vector<ScheduledPrompt> schedule_prompt(std::string_view prompt, int num_steps, int steps_before) {
  ScheduleReader reader(prompt, num_steps, steps_before);
  const std::vector<Part> parts = reader.read();
  std::vector<ScheduledPrompt> schedule;
  for (const int end : reader.ends()) {
    std::string text;
    for (const Part& part : parts) part.write(end, text);
    schedule.push_back({end, std::move(text)});
  }
  return schedule;
}

size_t scheduled_at(const std::vector<ScheduledPrompt>& schedule, int step) {
  const auto found =
      std::ranges::find_if(schedule, [&](const ScheduledPrompt& entry) { return step <= entry.end_step; });
  return found == schedule.end() ? 0 : static_cast<size_t>(found - schedule.begin());
}

}  // namespace easel
