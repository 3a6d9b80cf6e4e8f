// parameter_flags.h — the flags of a table of parameters.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "easel/parameters.h"
#include "request/parameter_row.h"

namespace easel::cli {

// Names and values as the user typed them, in order: a later one counts.
using GivenParameters = std::vector<std::pair<std::string, std::string>>;

// A flag for each parameter, under `group` in the help. What the user gives is appended to `given`, unchecked: the
// table's set() does that. A list's flag is given once per entry; a flag without a value means true, --flag=false the
// opposite.
void add_parameter_flags(CLI::App& command, const std::vector<ParameterInfo>& infos, const std::string& group,
                         const std::shared_ptr<GivenParameters>& given);

// The owner with what was given, in order. Throws as ParameterTable::set does.
template <typename Owner>
Owner with_given(const ParameterTable<Owner>& table, const GivenParameters& given, Owner owner = {}) {
  for (const auto& [name, value] : given) table.set(owner, name, value);
  return owner;
}

// The names that the value of such a flag may have; empty where it is not a choice.
const std::vector<std::string>& choices_of(const CLI::Option& option);

}  // namespace easel::cli
