#include "request/parameter_value.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>

#include "easel/error.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"
#include "request/infotext.h"

namespace easel {
namespace {

using nlohmann::json;

template <typename Number>
Number parse_number(const ParameterRule& rule, const std::string& text, const char* wanted) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) rule.fail(quoted_text(text), wanted);
  return value;
}

void check_number(const ParameterRule& rule, double value) {
  const ParameterRange& allowed = rule.allowed;
  if (!(value >= allowed.low && value <= allowed.high))
    rule.fail(format_number(value), "must be " + format_number(allowed.low) + ".." + format_number(allowed.high));
}

void check_choice(const ParameterRule& rule, const std::string& value) {
  const auto& choices = rule.allowed.choices;
  if (!choices.empty() && std::ranges::find(choices, value) == choices.end())
    rule.fail(quoted_text(value), "must be one of: " + joined_names(choices));
}

// From text. The result is checked by the caller.
void parse(const ParameterRule&, const std::string& text, std::string& value) { value = text; }
void parse(const ParameterRule& rule, const std::string& text, int64_t& value) {
  value = parse_number<int64_t>(rule, text, "must be an integer");
}
void parse(const ParameterRule& rule, const std::string& text, double& value) {
  value = parse_number<double>(rule, text, "must be a number");
}
void parse(const ParameterRule& rule, const std::string& text, bool& value) {
  if (text != "true" && text != "false") rule.fail(quoted_text(text), "must be true or false");
  value = text == "true";
}
void parse(const ParameterRule&, const std::string& text, std::vector<std::string>& value) {
  value.clear();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    value.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}
void parse(const ParameterRule& rule, const std::string& text, JsonText& value) {
  if (text.empty()) return static_cast<void>(value.text.clear());
  const json object = text.starts_with('{') ? parse_json(text, rule.name) : read_json(text);
  if (!object.is_object()) rule.fail(quoted_text(text), "must be a JSON object, or the path of a file with one");
  value.text = object.dump();
}

// From JSON.
void take(const ParameterRule& rule, const json& given, std::string& value) {
  if (!given.is_string()) rule.fail(given.dump(), "must be a string");
  value = given.get<std::string>();
}
void take(const ParameterRule& rule, const json& given, int64_t& value) {
  if (!given.is_number_integer()) rule.fail(given.dump(), "must be an integer");
  value = given.get<int64_t>();
}
void take(const ParameterRule& rule, const json& given, double& value) {
  if (!given.is_number()) rule.fail(given.dump(), "must be a number");
  value = given.get<double>();
}
void take(const ParameterRule& rule, const json& given, bool& value) {
  if (!given.is_boolean()) rule.fail(given.dump(), "must be true or false");
  value = given.get<bool>();
}
void take(const ParameterRule& rule, const json& given, std::vector<std::string>& value) {
  const auto is_string = [](const json& entry) { return entry.is_string(); };
  if (!given.is_array() || !std::ranges::all_of(given, is_string)) rule.fail(given.dump(), "must be a list of strings");
  value = given.get<std::vector<std::string>>();
}
void take(const ParameterRule& rule, const json& given, JsonText& value) {
  if (given.is_string()) return parse(rule, given.get_ref<const std::string&>(), value);
  if (!given.is_object()) rule.fail(given.dump(), "must be an object, or the path of a JSON file with one");
  value.text = given.dump();
}

template <typename Read>
void replace_checked(const ParameterRule& rule, const ParameterTarget& target, const Read& read) {
  std::visit(
      [&](auto* value) {
        auto changed = *value;
        read(changed);
        rule.check(&changed);
        *value = std::move(changed);
      },
      target);
}

}  // namespace

void ParameterRule::fail(const std::string& value, const std::string& wanted) const {
  throw Error(ErrorCode::InvalidArgument, std::string("[") + where + "] " + name + " = " + value + "; " + wanted);
}

void ParameterRule::set(const ParameterTarget& target, const std::string& value) const {
  replace_checked(*this, target, [&](auto& changed) { parse(*this, value, changed); });
}

void ParameterRule::set(const ParameterTarget& target, const json& value) const {
  replace_checked(*this, target, [&](auto& changed) { take(*this, value, changed); });
}

void ParameterRule::check(const ParameterTarget& target) const {
  if (const auto* text = std::get_if<std::string*>(&target)) check_choice(*this, **text);
  if (const auto* integer = std::get_if<int64_t*>(&target)) check_number(*this, static_cast<double>(**integer));
  if (const auto* number = std::get_if<double*>(&target)) check_number(*this, **number);
}

std::string parameter_text(const ParameterTarget& target) {
  struct Writer {
    std::string operator()(const std::string* value) const { return *value; }
    std::string operator()(const int64_t* value) const { return std::to_string(*value); }
    std::string operator()(const double* value) const { return format_number(*value); }
    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
    std::string operator()(const JsonText* value) const { return value->text; }
    std::string operator()(const std::vector<std::string>* value) const {
      std::string text;
      for (const std::string& entry : *value) text += (text.empty() ? "" : "\n") + entry;
      return text;
    }
  };
  return std::visit(Writer{}, target);
}

nlohmann::ordered_json parameter_json(const ParameterTarget& target) {
  if (const auto* object = std::get_if<JsonText*>(&target))
    return (*object)->text.empty() ? nlohmann::ordered_json("") : nlohmann::ordered_json::parse((*object)->text);
  return std::visit(
      [](const auto* value) -> nlohmann::ordered_json {
        if constexpr (std::is_same_v<decltype(value), const JsonText*>)
          return nullptr;
        else
          return *value;
      },
      target);
}

std::string allowed_text(const ParameterTarget& target, const ParameterRange& allowed, const char* unit) {
  if (std::holds_alternative<std::string*>(target))
    return allowed.choices.empty() ? "any text" : joined_names(allowed.choices);
  if (std::holds_alternative<bool*>(target)) return "true, false";
  if (std::holds_alternative<std::vector<std::string>*>(target)) return "list of texts";
  if (std::holds_alternative<JsonText*>(target)) return "object, or path of a JSON file";
  return format_number(allowed.low) + ".." + format_number(allowed.high) + (*unit ? " " : "") + unit;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  // One row of the table of distances at a time: row[j] is the distance of name's first i letters to other's first j.
  const auto distance = [&](const std::string& other) {
    std::vector<size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 0; i < name.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i + 1;
      for (size_t j = 0; j < other.size(); ++j) {
        const size_t replaced = diagonal + (name[i] == other[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
      }
    }
    return row.back();
  };
  return *std::ranges::min_element(known, {}, distance);
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace easel
