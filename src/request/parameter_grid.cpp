#include "request/parameter_grid.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "easel/error.h"
#include "files/message_text.h"
#include "files/quoted_text.h"
#include "files/trimmed_text.h"
#include "request/parameter_table.h"

namespace easel {
namespace {

constexpr size_t kMaxCells = 1000;

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[grid] " + what); }

// "guidance_scale" of "guidance_scale", "guidance-scale" or "cfg_scale".
std::string parameter_named(std::string_view name) {
  std::string flag = "--" + std::string(name);
  std::ranges::replace(flag, '_', '-');
  for (const ParameterInfo& info : parameter_table()) {
    const std::vector<std::string> flags = flags_of(info);
    if (info.name == name || std::ranges::find(flags, flag) != flags.end()) return info.name;
  }
  generation_table().find(name);  // throws, naming the nearest
  return "";
}

std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      values.emplace_back();
    else
      values.back() += c;
  }
  if (quoted) fail(quoted_text(text) + ": a quote is not closed");
  return values;
}

// A number at the start of `text`, taken off.
std::optional<double> take_number(std::string_view& text) {
  text = trimmed_text(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{}) return std::nullopt;
  text = trimmed_text(text.substr(static_cast<size_t>(end - text.data())));
  return value;
}

struct Range {
  double first, last;
  std::optional<double> step, count;
};

// "1-5", "1-9 (+2)", "9-1 (-2)", "0-1 [3]".
std::optional<Range> read_range(std::string_view text) {
  const std::optional<double> first = take_number(text);
  if (!first || !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  const std::optional<double> last = take_number(text);
  if (!last) return std::nullopt;
  Range range{*first, *last, {}, {}};
  if (text.empty()) return range;
  const char opening = text.front();
  const std::string_view closing = opening == '(' ? ")" : "]";
  if (opening != '(' && opening != '[') return std::nullopt;
  text.remove_prefix(1);
  (opening == '(' ? range.step : range.count) = take_number(text);
  return text == closing && (range.step || range.count) ? std::optional(range) : std::nullopt;
}

std::vector<std::string> values_of(const Range& range, bool whole) {
  double step = range.step.value_or(range.first <= range.last ? 1 : -1);
  double count = std::floor((range.last - range.first) / step + 1e-9) + 1;
  if (range.count) {
    count = std::floor(*range.count);
    step = count > 1 ? (range.last - range.first) / (count - 1) : 0;
  }
  if (!(count >= 1) || count > static_cast<double>(kMaxCells))
    fail("a range of " + format_number(count) + " values; must be 1..1000");
  std::vector<std::string> values;
  for (int i = 0; i < static_cast<int>(count); ++i) {
    const double value = range.first + step * i;
    values.push_back(format_number(whole ? std::floor(value + 1e-9) : std::round(value * 1e9) / 1e9));
  }
  return values;
}

}  // namespace

GridAxis parse_grid_axis(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == text.npos) fail(quoted_text(text) + "; must be name=value,value,…");
  const std::string_view left = text.substr(0, equals);
  const size_t colon = std::min(left.find(':'), left.size());
  GridAxis axis{.name = parameter_named(trimmed_text(left.substr(0, colon))),
                .label = std::string(trimmed_text(left.substr(0, colon))),
                .search = "",
                .values = {}};
  if (colon < left.size()) axis.search = left.substr(colon + 1);
  const bool prompt = axis.name == "prompt" || axis.name == "negative_prompt";
  if (colon < left.size() && (!prompt || axis.search.empty()))
    fail(quoted_text(left) + "; only prompt:text and negative_prompt:text replace a text");
  const auto& infos = parameter_table();
  const ParameterKind kind = std::ranges::find(infos, axis.name, &ParameterInfo::name)->kind;
  const bool number = kind == ParameterKind::integer || kind == ParameterKind::number;
  for (const std::string& value : split_values(text.substr(equals + 1))) {
    const std::optional<Range> range = number ? read_range(value) : std::nullopt;
    if (range)
      std::ranges::move(values_of(*range, kind == ParameterKind::integer), std::back_inserter(axis.values));
    else
      axis.values.push_back(number ? std::string(trimmed_text(value)) : value);
  }
  return axis;
}

std::vector<GridCell> grid_cells(const GenerationParameters& parameters, const std::vector<GridAxis>& axes) {
  std::vector<GridCell> cells = {{.parameters = parameters, .label = ""}};
  // The last axis first, so that the first changes fastest.
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
    if (cells.size() * axis->values.size() > kMaxCells) fail("more than 1000 pictures");
    std::vector<GridCell> finer;
    for (const GridCell& cell : cells)
      for (const std::string& value : axis->values) {
        GridCell& next = finer.emplace_back(cell);
        std::string text = value;
        if (!axis->search.empty()) {
          text = get_parameter(cell.parameters, axis->name);
          const size_t found = text.find(axis->search);
          if (found == text.npos) fail(axis->name + " has no " + quoted_text(axis->search));
          for (size_t at = found; at != text.npos; at = text.find(axis->search, at + value.size()))
            text.replace(at, axis->search.size(), value);
        }
        set_parameter(next.parameters, axis->name, text);
        const std::string label = axis->search.empty() ? axis->label + " " + value : value;
        next.label = next.label.empty() ? label : label + ", " + next.label;
      }
    cells = std::move(finer);
  }
  return cells;
}

}  // namespace easel
