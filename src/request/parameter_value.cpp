#include "request/parameter_value.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/json_reader.h"
#include "files/message_text.h"
#include "files/quoted_text.h"
#include "pictures/picture_file.h"

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
  const auto [low, high] = rule.range;
  if (!(value >= low && value <= high))
    rule.fail(format_number(value), "must be " + format_number(low) + ".." + format_number(high));
}

void check_choice(const ParameterRule& rule, const std::string& value) {
  const std::vector<std::string> names = rule.choices.names();
  if (names.empty() || std::ranges::find(names, value) != names.end()) return;
  if (rule.choices.understands && rule.choices.understands(value)) return;
  rule.fail(quoted_text(value), "must be one of: " + joined_names(names) + suggestion(value, names));
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
void parse(const ParameterRule&, const std::string& text, PictureInput& value) {
  value = text.empty() ? PictureInput{} : PictureInput{.picture = read_picture_file(text).picture, .name = text};
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
void take(const ParameterRule& rule, const json& given, PictureInput& value) {
  if (!given.is_string()) rule.fail(given.dump(), "must be the path of a PNG, JPEG or WebP file");
  parse(rule, given.get_ref<const std::string&>(), value);
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

void ParameterRule::check(const ParameterSource& source) const {
  if (const auto* text = std::get_if<const std::string*>(&source)) check_choice(*this, **text);
  if (const auto* integer = std::get_if<const int64_t*>(&source)) check_number(*this, static_cast<double>(**integer));
  if (const auto* number = std::get_if<const double*>(&source)) check_number(*this, **number);
}

ParameterKind parameter_kind(const ParameterSource& source, const Choices& choices) {
  struct Kind {
    const Choices& choices;
    ParameterKind operator()(const std::string*) const {
      return choices.names().empty() ? ParameterKind::text : ParameterKind::choice;
    }
    ParameterKind operator()(const int64_t*) const { return ParameterKind::integer; }
    ParameterKind operator()(const double*) const { return ParameterKind::number; }
    ParameterKind operator()(const bool*) const { return ParameterKind::flag; }
    ParameterKind operator()(const std::vector<std::string>*) const { return ParameterKind::list; }
    ParameterKind operator()(const PictureInput*) const { return ParameterKind::picture; }
    ParameterKind operator()(const JsonText*) const { return ParameterKind::json; }
  };
  return std::visit(Kind{choices}, source);
}

std::string parameter_text(const ParameterSource& source) {
  struct Writer {
    std::string operator()(const std::string* value) const { return *value; }
    std::string operator()(const int64_t* value) const { return std::to_string(*value); }
    std::string operator()(const double* value) const { return format_number(*value); }
    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
    std::string operator()(const PictureInput* value) const { return value->name; }
    std::string operator()(const JsonText* value) const { return value->text; }
    std::string operator()(const std::vector<std::string>* value) const {
      std::string text;
      for (const std::string& entry : *value) text += (text.empty() ? "" : "\n") + entry;
      return text;
    }
  };
  return std::visit(Writer{}, source);
}

nlohmann::ordered_json parameter_json(const ParameterSource& source) {
  if (const auto* picture = std::get_if<const PictureInput*>(&source)) return (*picture)->name;
  if (const auto* object = std::get_if<const JsonText*>(&source))
    return (*object)->text.empty() ? nlohmann::ordered_json("") : nlohmann::ordered_json::parse((*object)->text);
  return std::visit(
      [](const auto* value) -> nlohmann::ordered_json {
        if constexpr (std::is_constructible_v<nlohmann::ordered_json, decltype(*value)>)
          return *value;
        else
          return nullptr;  // handled above
      },
      source);
}

void fail_unknown_parameter(const char* where, std::string_view name, const std::vector<std::string>& known) {
  const std::string near = suggestion(name, known);
  throw Error(ErrorCode::InvalidArgument, std::string("[") + where + "] unknown parameter " +
                                              quoted_text(std::string(name)) +
                                              (near.empty() ? "; known are: " + joined_names(known) : near));
}

std::string allowed_text(const ParameterInfo& info) {
  switch (info.kind) {
    case ParameterKind::text: return "any text";
    case ParameterKind::choice: return joined_names(info.choices);
    case ParameterKind::flag: return "true, false";
    case ParameterKind::picture: return "PNG, JPEG or WebP file";
    case ParameterKind::list: return "list of texts";
    case ParameterKind::json: return "object, or path of a JSON file";
    case ParameterKind::integer:
    case ParameterKind::number:
      return format_number(info.low) + ".." + format_number(info.high) + (info.unit.empty() ? "" : " ") + info.unit;
  }
  return "";
}

std::vector<std::string> flags_of(const ParameterInfo& info) {
  std::string flag = "--" + info.name;
  std::ranges::replace(flag, '_', '-');
  std::vector<std::string> flags{flag};
  flags.insert(flags.end(), info.aliases.begin(), info.aliases.end());
  return flags;
}

}  // namespace easel
