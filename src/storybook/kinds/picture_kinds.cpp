#include "storybook/kinds/picture_kinds.h"

#include <algorithm>
#include <array>
#include <deque>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "storybook/kinds/draw_sticker.h"
#include "tensor/splitmix64.h"

namespace easel::storybook {
namespace {

using nlohmann::json;

constexpr double kTallPlant = 1.0;  // a plant of this height grows in the background

// Rows refer to names; these hold them.
std::string_view kept(std::string text) {
  static std::deque<std::string> names;
  return names.emplace_back(std::move(text));
}

// "cat", or "mouse/mice" where the plural is not the noun and an s. bare: the row's nouns that are not counted.
Noun read_noun(const std::string& text, const std::vector<std::string>& bare) {
  const size_t slash = text.find('/');
  const bool is_bare = std::find(bare.begin(), bare.end(), text) != bare.end();
  if (slash != std::string::npos) return {kept(text.substr(0, slash)), kept(text.substr(slash + 1)), is_bare};
  return {kept(text), kept(text + (is_bare ? "" : "s")), is_bare};
}

// A colour or a list of them.
std::vector<Colour> read_colours(const json& value) {
  std::vector<Colour> colours;
  for (const json& colour : value.is_array() ? value : json::array({value}))
    colours.push_back(find_colour(colour.get<std::string>()));
  return colours;
}

// The table names looks as the sets do.
std::string look_name(const std::string& set) { return set == "noto" ? "sticker" : set; }

Place read_place(const std::string& name) {
  if (name == "air") return Place::air;
  return name == "water" ? Place::water : Place::ground;
}

Head read_head(const json& values) {
  return {.top = {values.at(0).get<double>(), values.at(1).get<double>()}, .width = values.at(2).get<double>()};
}

// A number that follows from the name alone.
uint64_t hash_of(std::string_view name, uint64_t stream) {
  uint64_t state = stream;
  for (const char c : name) state = splitmix64(state + static_cast<uint8_t>(c));
  return state;
}

// The first, from a place that follows from the name, that is not among `taken`.
template <typename T, size_t count>
T pick_other(const std::array<T, count>& all, const std::vector<T>& taken, uint64_t hash) {
  for (size_t i = 0; i < count; ++i) {
    const T candidate = all[(hash + i) % count];
    if (std::find(taken.begin(), taken.end(), candidate) == taken.end()) return candidate;
  }
  return all[hash % count];
}

HeldOut held_out_of(const KindRow& row) {
  using enum Colour;
  using enum Setting;
  constexpr std::array kColours = {red, orange, yellow, green, blue, purple, pink};
  constexpr std::array kSettings = {beach, park, forest, street, mountains, snow, sea, space, room, meadow, desert};
  constexpr std::array kStyles = {Style::flat, Style::sticker, Style::watercolour, Style::impressionist,
                                  Style::pixel_art};
  return {.colour = pick_other(kColours, row.natural, hash_of(row.name, 1)),
          .setting = pick_other(kSettings, row.at_home, hash_of(row.name, 2)),
          .style = pick_other(kStyles, {}, hash_of(row.name, 3))};
}

unsigned abilities_of(const KindRow& row, const json& entry) {
  unsigned abilities = 0;
  if (!row.picture->heads.empty()) abilities |= can_wear;
  if (row.name.find("rabbit") != std::string_view::npos) abilities |= has_long_ears;
  if (entry.at("family") == "plants" && row.height >= kTallPlant) abilities |= grows;
  if (row.name == "couple") abilities |= is_pair;
  if (row.place == Place::water && entry.at("family") == "animals") abilities |= swims;  // boats float on it
  return abilities;
}

PictureArt read_art(const json& entry) {
  PictureArt art{.looks = entry.at("looks").get<std::vector<std::string>>(),
                 .core = entry.value("core", false),
                 .recolourable = entry.value("recolour", false),
                 .colours = {},
                 .heads = {}};
  const json colours = entry.value("colours", json::object()), heads = entry.value("heads", json::object());
  for (const auto& [set, list] : colours.items()) art.colours[look_name(set)] = read_colours(list);
  if (entry.contains("head")) art.heads["3d"] = read_head(entry.at("head"));
  for (const auto& [set, head] : heads.items()) art.heads[look_name(set)] = read_head(head);
  return art;
}

KindRow read_row(const json& entry) {
  KindRow row{.name = kept(entry.at("name").get<std::string>()), .nouns = {}, .held_out = {}};
  const auto bare = entry.value("bare", std::vector<std::string>());
  for (const json& noun : entry.at("nouns")) row.nouns.push_back(read_noun(noun.get<std::string>(), bare));
  row.place = read_place(entry.value("place", "ground"));
  row.height = entry.value("height", 1.0);
  if (entry.contains("colour")) row.natural = read_colours(entry.at("colour"));
  for (const json& setting : entry.at("settings")) row.at_home.push_back(find_setting(setting.get<std::string>()));
  row.draw = draw_sticker;
  row.picture = read_art(entry);
  row.abilities = abilities_of(row, entry);
  row.held_out = held_out_of(row);
  return row;
}

}  // namespace

std::vector<KindRow> read_picture_kinds(std::string_view text) {
  std::vector<KindRow> rows;
  std::string name = "the table";
  try {
    for (const json& entry : json::parse(text)) {
      name = entry.value("name", "a row without a name");
      rows.push_back(read_row(entry));
    }
  } catch (const json::exception& error) {
    throw Error(ErrorCode::CorruptFile, "[storybook] picture kinds: " + quoted_text(name) + ": " + error.what());
  }
  return rows;
}

}  // namespace easel::storybook
