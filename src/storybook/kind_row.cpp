#include "storybook/kind_row.h"

#include <algorithm>
#include <string>

#include "easel/error.h"
#include "files/message_text.h"
#include "storybook/kinds/families.h"
#include "storybook/kinds/picture_kinds.h"

namespace easel::storybook {
namespace {

// The place of a row counts the class labels of scorers.
const std::vector<KindRow>& drawn_rows() {
  static const std::vector<KindRow> all = [] {
    std::vector<KindRow> rows;
    for (const auto& family : {fruit_kinds, animals_kinds, winged_animals_kinds, people_kinds, buildings_kinds,
                               vehicles_kinds, plants_kinds, sky_kinds, household_kinds})
      for (KindRow& row : family()) rows.push_back(std::move(row));
    return rows;
  }();
  return all;
}

// Behind those that code draws.
const std::vector<KindRow>& picture_rows() {
  static const std::vector<KindRow> rows = read_picture_kinds(picture_kinds_json());
  return rows;
}

std::vector<Kind> numbered(size_t first, size_t count) {
  std::vector<Kind> kinds;
  for (size_t i = 0; i < count; ++i) kinds.push_back(static_cast<Kind>(first + i));
  return kinds;
}

}  // namespace

bool PictureArt::has(std::string_view look) const { return std::find(looks.begin(), looks.end(), look) != looks.end(); }

const std::vector<Colour>& PictureArt::colours_in(const std::string& look, const std::vector<Colour>& natural) const {
  const auto own = colours.find(look);
  return own == colours.end() ? natural : own->second;
}

const Head& PictureArt::head(const std::string& look) const {
  const auto own = heads.find(look);
  return own == heads.end() ? heads.begin()->second : own->second;
}

const KindRow& row_of(Kind kind) {
  const auto place = static_cast<size_t>(kind);
  return place < drawn_rows().size() ? drawn_rows()[place] : picture_rows()[place - drawn_rows().size()];
}

const char* kind_name(Kind kind) { return row_of(kind).name.data(); }

std::span<const Kind> drawn_kinds() {
  static const std::vector<Kind> kinds = numbered(0, drawn_rows().size());
  return kinds;
}

std::span<const Kind> picture_kinds() {
  static const std::vector<Kind> kinds = numbered(drawn_rows().size(), picture_rows().size());
  return kinds;
}

Kind find_kind(std::string_view name, std::span<const Kind> among) {
  std::vector<std::string> names;
  for (const Kind kind : among) {
    if (row_of(kind).name == name) return kind;
    names.emplace_back(kind_name(kind));
  }
  throw Error(ErrorCode::InvalidArgument, "[storybook] kind = " + std::string(name) + "; must be " +
                                              (names.size() > 60 ? "a kind of the world" + suggestion(name, names)
                                                                 : "one of " + joined_names(names)));
}

}  // namespace easel::storybook
