// parameter_row.h — tables of parameters: one row declares one, and everything else (flags, JSON, checks,
// documentation, the record of a picture) derives from the rows without knowing any parameter by name.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "easel/error.h"
#include "easel/parameters.h"
#include "request/parameter_value.h"

namespace easel {

inline constexpr uint32_t kEveryTask = ~uint32_t{0};
// The key of what an infotext has no field for: the prompts, which it begins with, and what leaves the picture alone.
inline constexpr char kNotRecorded[] = "";

template <typename Owner>
struct ParameterRow {
  using Field = std::variant<std::string Owner::*, int64_t Owner::*, double Owner::*, bool Owner::*,
                             std::vector<std::string> Owner::*, PictureInput Owner::*, JsonText Owner::*>;

  const char* name;  // in C++, JSON, config files and documentation; the flag is the same with '-' for '_'
  Field field;
  NumberRange range{};                 // of an integer or a number
  Choices choices{};                   // of a text; none: any
  const char* unit = "";               // "px", "steps", …
  std::vector<std::string> aliases{};  // further flags, as typed: "-p", "--steps"
  uint32_t tasks = kEveryTask;         // those that read it, a bit for each
  const char* infotext_key = nullptr;  // under which a picture's infotext records it, or kNotRecorded
  std::string (*infotext_value)(const Owner&) = nullptr;  // what it records: null the value's text; "" nothing
  const char* help = "";                                  // one sentence

  ParameterRule rule(const char* where) const { return {where, name, range, choices}; }
  ParameterTarget target(Owner& owner) const {
    return std::visit([&](auto member) -> ParameterTarget { return &(owner.*member); }, field);
  }
  ParameterSource source(const Owner& owner) const {
    return std::visit([&](auto member) -> ParameterSource { return &(owner.*member); }, field);
  }
  bool used_by(uint32_t task) const { return (tasks & task) != 0; }
};

template <typename Owner>
class ParameterTable {
 public:
  using Row = ParameterRow<Owner>;

  // where: who speaks in messages ("parameters", "train"). task_name: of one bit; needed where rows differ in tasks.
  ParameterTable(const char* where, std::vector<Row> rows, const char* (*task_name)(uint32_t) = nullptr)
      : where_(where), rows_(std::move(rows)), task_name_(task_name) {}

  // In the order in which help and documentation show them.
  const std::vector<Row>& rows() const { return rows_; }
  // Throws InvalidArgument where there is none of this name, naming the nearest, or where no task of `tasks` reads it.
  const Row& find(std::string_view name, uint32_t tasks = kEveryTask) const;

  // Value: std::string or nlohmann::json. Throws as find() and ParameterRule::set() do; the owner is unchanged then.
  template <typename Value>
  void set(Owner& owner, std::string_view name, const Value& value, uint32_t tasks = kEveryTask) const {
    const Row& row = find(name, tasks);
    row.rule(where_).set(row.target(owner), value);
  }
  // Throws InvalidArgument for the first value outside its range or choices.
  void check(const Owner& owner) const {
    for (const Row& row : rows_) row.rule(where_).check(row.source(owner));
  }

  nlohmann::ordered_json to_json(const Owner& owner, uint32_t tasks = kEveryTask) const;
  // Every member of a JSON object; the others keep their defaults. Throws as set() does.
  Owner from_json(const nlohmann::json& object, uint32_t tasks = kEveryTask) const;

  // What help and documentation say of the rows, with the values of a default Owner.
  std::vector<ParameterInfo> describe(uint32_t tasks = kEveryTask) const;

 private:
  const char* where_;
  std::vector<Row> rows_;
  const char* (*task_name_)(uint32_t);
};

template <typename Owner>
const ParameterRow<Owner>& ParameterTable<Owner>::find(std::string_view name, uint32_t tasks) const {
  std::vector<std::string> names;
  for (const Row& row : rows_) {
    if (row.used_by(tasks)) names.emplace_back(row.name);
    if (name != row.name) continue;
    if (row.used_by(tasks)) return row;
    throw Error(ErrorCode::InvalidArgument,
                std::string("[") + where_ + "] " + row.name + " is no parameter of " + task_name_(tasks));
  }
  fail_unknown_parameter(where_, name, names);
}

template <typename Owner>
nlohmann::ordered_json ParameterTable<Owner>::to_json(const Owner& owner, uint32_t tasks) const {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const Row& row : rows_)
    if (row.used_by(tasks)) object[row.name] = parameter_json(row.source(owner));
  return object;
}

template <typename Owner>
Owner ParameterTable<Owner>::from_json(const nlohmann::json& object, uint32_t tasks) const {
  Owner owner;
  for (const auto& [name, value] : object.items()) set(owner, name, value, tasks);
  return owner;
}

template <typename Owner>
std::vector<ParameterInfo> ParameterTable<Owner>::describe(uint32_t tasks) const {
  const Owner defaults;
  std::vector<ParameterInfo> infos;
  for (const Row& row : rows_) {
    if (!row.used_by(tasks)) continue;
    const ParameterSource source = row.source(defaults);
    infos.push_back({.name = row.name,
                     .kind = parameter_kind(source, row.choices),
                     .low = row.range.low,
                     .high = row.range.high,
                     .choices = row.choices.names(),
                     .unit = row.unit,
                     .aliases = row.aliases,
                     .tasks = row.tasks,
                     .default_text = parameter_text(source),
                     .help = row.help});
  }
  return infos;
}

}  // namespace easel
