#include "storybook/kind_row.h"

#include <string>

#include "easel/error.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

// The place of a row counts the class labels of scorers.
const std::vector<KindRow>& rows() {
  static const std::vector<KindRow> all = [] {
    std::vector<KindRow> rows;
    for (const auto& family : {fruit_kinds, animals_kinds, winged_animals_kinds, people_kinds, buildings_kinds,
                               vehicles_kinds, plants_kinds, sky_kinds, household_kinds})
      for (KindRow& row : family()) rows.push_back(std::move(row));
    return rows;
  }();
  return all;
}

}  // namespace

const KindRow& row_of(Kind kind) { return rows()[static_cast<size_t>(kind)]; }

const char* kind_name(Kind kind) { return row_of(kind).name.data(); }

std::span<const Kind> all_kinds() {
  static const std::vector<Kind> kinds = [] {
    std::vector<Kind> all;
    for (size_t i = 0; i < rows().size(); ++i) all.push_back(static_cast<Kind>(i));
    return all;
  }();
  return kinds;
}

Kind find_kind(std::string_view name) {
  std::string list;
  for (const Kind kind : all_kinds()) {
    if (row_of(kind).name == name) return kind;
    list += (list.empty() ? "" : ", ") + std::string(kind_name(kind));
  }
  throw Error(ErrorCode::InvalidArgument, "[storybook] kind = " + std::string(name) + "; must be one of " + list);
}

}  // namespace easel::storybook
