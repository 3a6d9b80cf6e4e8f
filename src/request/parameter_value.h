// parameter_value.h — values of parameters that a table declares: from text and JSON, with range checks. The tables
// of generation and training parameters share it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace easel {

// A parameter that is itself a JSON object, kept as text; empty where it is not set.
struct JsonText {
  std::string text;
  bool operator==(const JsonText&) const = default;
};

struct ParameterRange {
  double low = 0, high = 0;          // of a number, both ends allowed; unused otherwise
  std::vector<std::string> choices;  // of a text; empty: any
};

// Where a parameter's value lies.
using ParameterTarget = std::variant<std::string*, int64_t*, double*, bool*, std::vector<std::string>*, JsonText*>;

// All of these throw InvalidArgument with "[where] name = value; must be …"; the target is unchanged then.
struct ParameterRule {
  const char* where;  // who speaks in messages: "parameters", "train"
  const char* name;
  ParameterRange allowed;

  // Numbers in full, booleans as true or false, lists one entry per line.
  void set(const ParameterTarget& target, const std::string& value) const;
  void set(const ParameterTarget& target, const nlohmann::json& value) const;
  void check(const ParameterTarget& target) const;
  [[noreturn]] void fail(const std::string& value, const std::string& wanted) const;
};

// The value as text that set() reads back, numbers in their shortest exact form.
std::string parameter_text(const ParameterTarget& target);
nlohmann::ordered_json parameter_json(const ParameterTarget& target);
// What help and documentation say is allowed: "1..1000", "epsilon, v_prediction", "any text".
std::string allowed_text(const ParameterTarget& target, const ParameterRange& allowed, const char* unit);

// The name of `known` with the fewest insertions, deletions and replacements (Levenshtein 1966) from `name`; REQUIRES:
// known not empty.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);
std::string joined_names(const std::vector<std::string>& names);

}  // namespace easel
