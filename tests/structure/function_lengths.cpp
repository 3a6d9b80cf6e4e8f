#include "structure/function_lengths.h"

#include <algorithm>
#include <regex>

namespace easel::test {
namespace {

size_t indentation(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Where the comment at the line's end begins: "//" outside of a string.
size_t comment_begin(const std::string& line) {
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      in_string = !in_string;
    else if (!in_string && line.compare(i, 2, "//") == 0)
      return i;
  }
  return line.size();
}

// Without a comment and the spaces around.
std::string trimmed(const std::string& line) {
  const size_t begin = indentation(line), end = comment_begin(line);
  if (end <= begin) return "";
  const std::string text = line.substr(begin, end - begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// Lines that say nothing of the layout: directives with their continuations, and what stands in a raw string.
std::vector<bool> opaque_lines(const std::vector<std::string>& lines) {
  static const std::regex opens_raw_string(R"re(R"([a-z]*)\()re");
  std::vector<bool> opaque(lines.size());
  bool in_directive = false;
  std::string raw_string_end;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    opaque[i] = in_directive || !raw_string_end.empty() || line.starts_with("#");
    in_directive = (in_directive || line.starts_with("#")) && line.ends_with("\\");
    std::smatch match;
    size_t from = 0;
    if (raw_string_end.empty() && std::regex_search(line, match, opens_raw_string)) {
      raw_string_end = ")" + match[1].str() + "\"";
      from = static_cast<size_t>(match.position() + match.length());
    }
    if (!raw_string_end.empty() && line.find(raw_string_end, from) != line.npos) raw_string_end.clear();
  }
  return opaque;
}

// What a declaration that ends in "{" opens.
enum class Opened { function, scope, data };

Opened opened_by(const std::string& declaration) {
  static const std::regex scope(R"(^(template <.*> )?(inline )?(namespace|struct|class|union|enum|extern "C")\b)");
  static const std::regex function(R"(\) ?(const)? ?(noexcept)? ?(override)? ?(final)? ?(-> [^{]+)?\{$|[)}] \{$)");
  const bool has_arguments = declaration.find('(') != declaration.npos;
  if (std::regex_search(declaration, scope) && !(has_arguments && std::regex_search(declaration, function)))
    return Opened::scope;
  return has_arguments && std::regex_search(declaration, function) ? Opened::function : Opened::data;
}

// The last name before the first parenthesis.
std::string name_of(const std::string& declaration) {
  static const std::regex name(R"(([\w:~]+|operator *[^ (]+)\s*\()");
  std::smatch match;
  return std::regex_search(declaration, match, name) ? match[1].str() : declaration;
}

bool is_row(const std::string& text) {
  return std::string("{.\"}").find(text.front()) != std::string::npos || text.back() == ',';
}

bool is_table(const std::vector<std::string>& lines, size_t begin, size_t end) {
  int num_lines = 0, num_rows = 0;
  for (size_t i = begin; i < end; ++i) {
    const std::string text = trimmed(lines[i]);
    if (text.empty()) continue;
    ++num_lines;
    num_rows += is_row(text) ? 1 : 0;
  }
  return num_rows * 3 >= num_lines * 2;
}

// Reads a file declaration by declaration.
class FunctionFinder {
 public:
  explicit FunctionFinder(const std::vector<std::string>& lines) : lines_(lines), opaque_(opaque_lines(lines)) {}

  std::vector<FunctionLength> find() {
    std::vector<FunctionLength> functions;
    for (size_t i = 0; i < lines_.size(); ++i) {
      if (text(i).empty()) continue;
      const size_t first = i;
      const std::string declaration = read_declaration(i);
      if (declaration.back() != '{' || opened_by(declaration) == Opened::scope) continue;
      const size_t last = closing_line(first, i);
      if (opened_by(declaration) == Opened::function)
        functions.push_back({.name = name_of(declaration),
                             .first_line = static_cast<int>(first) + 1,
                             .num_lines = static_cast<int>(last - first) + 1,
                             .is_table = is_table(lines_, i + 1, last)});
      i = last;
    }
    return functions;
  }

 private:
  std::string text(size_t i) const { return opaque_[i] ? "" : trimmed(lines_[i]); }

  // Joins lines up to the one that ends the declaration, where `i` then stands.
  std::string read_declaration(size_t& i) const {
    std::string declaration = text(i);
    while (std::string("{};:").find(declaration.back()) == std::string::npos && i + 1 < lines_.size())
      declaration += " " + text(++i);
    return declaration;
  }

  // The next "}" at the indentation of line `first`.
  size_t closing_line(size_t first, size_t after) const {
    const size_t column = indentation(lines_[first]);
    size_t i = after + 1;
    while (i + 1 < lines_.size() && (!text(i).starts_with("}") || indentation(lines_[i]) != column)) ++i;
    return i;
  }

  const std::vector<std::string>& lines_;
  std::vector<bool> opaque_;
};

}  // namespace

std::vector<FunctionLength> function_lengths(const std::vector<std::string>& lines) {
  return FunctionFinder(lines).find();
}

}  // namespace easel::test
