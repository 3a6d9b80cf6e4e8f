// parameter_value.h — values of parameters that a table declares: from text and JSON, with checks.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "easel/parameters.h"
#include "easel/picture.h"

namespace easel {

// A parameter that is itself a JSON object, kept as text; empty where it is not set.
struct JsonText {
  std::string text;
  bool operator==(const JsonText&) const = default;
};

// Of an integer or a number, both ends allowed.
struct NumberRange {
  double low = 0, high = 0;
};
constexpr NumberRange between(double low, double high) { return {low, high}; }
inline constexpr double kMaxSeed = 9007199254740991;  // 2^53 - 1: exact in JSON readers that hold numbers as doubles

// The values that a text may have; without any, every text is allowed.
struct Choices {
  std::vector<std::string> fixed{};
  std::vector<std::string> (*listed)() = nullptr;          // instead of `fixed`, where a registry knows them
  bool (*understands)(const std::string& name) = nullptr;  // further names of the same values, not shown in lists

  std::vector<std::string> names() const { return listed ? listed() : fixed; }
};

// Where a parameter's value lies, to be written and to be read.
using ParameterTarget =
    std::variant<std::string*, int64_t*, double*, bool*, std::vector<std::string>*, PictureInput*, JsonText*>;
using ParameterSource = std::variant<const std::string*, const int64_t*, const double*, const bool*,
                                     const std::vector<std::string>*, const PictureInput*, const JsonText*>;

// All of these throw InvalidArgument with "[where] name = value; must be …"; the target is unchanged then.
struct ParameterRule {
  const char* where;  // who speaks in messages: "parameters", "train"
  const char* name;
  NumberRange range;
  const Choices& choices;

  // Numbers in full, flags as true or false, lists one entry per line, pictures and JSON objects as paths of files.
  void set(const ParameterTarget& target, const std::string& value) const;
  void set(const ParameterTarget& target, const nlohmann::json& value) const;
  void check(const ParameterSource& source) const;
  [[noreturn]] void fail(const std::string& value, const std::string& wanted) const;
};

ParameterKind parameter_kind(const ParameterSource& source, const Choices& choices);
// The value as text that set() reads back, numbers in their shortest exact form.
std::string parameter_text(const ParameterSource& source);
nlohmann::ordered_json parameter_json(const ParameterSource& source);

// "[where] unknown parameter 'name'; did you mean …?", or the known ones where none is near.
[[noreturn]] void fail_unknown_parameter(const char* where, std::string_view name,
                                         const std::vector<std::string>& known);

// What documentation says is allowed: "1..1000", "epsilon, v_prediction", "any text".
std::string allowed_text(const ParameterInfo& info);
// "--guidance-scale" and the aliases.
std::vector<std::string> flags_of(const ParameterInfo& info);

}  // namespace easel
