// src/storybook/kinds/pictures.json is written by hand: each row says what open sets show under which name, what people
// call it, and how it behaves in a scene. A wrong word here is learnt by the model, so every row is checked.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

#include "build_paths.h"

namespace easel {
namespace {

using nlohmann::json;
using Words = std::set<std::string>;

const Words kColours{"red",    "orange", "yellow", "green", "teal",  "blue",
                     "purple", "pink",   "brown",  "black", "white", "grey"};
const Words kSettings{"plain", "beach", "park",   "forest", "city",  "mountains", "snow", "sea",
                      "space", "room",  "meadow", "street", "table", "desert",    "sky"};
const Words kLooks{"3d", "flat", "ink", "sticker"};
const Words kFields{"name",     "nouns",  "bare",   "family",  "emoji",    "flat", "noto",  "looks", "place",
                    "settings", "height", "colour", "colours", "recolour", "head", "heads", "hair",  "core"};

std::ifstream open_table() { return std::ifstream(test::source_path("src/storybook/kinds/pictures.json")); }

const json& table() {
  static const json rows = [] {
    std::ifstream file = open_table();
    return json::parse(file);
  }();
  return rows;
}

std::string name_of(const json& row) { return row.at("name").get<std::string>(); }

bool has_look(const json& row, const std::string& look) {
  for (const json& has : row.at("looks"))
    if (has == look) return true;
  return false;
}

// "mouse/mice" -> "mouse"
std::string singular(const std::string& noun) { return noun.substr(0, noun.find('/')); }

// A colour or a list of up to two; an empty list says that no colour of ours describes it.
void expect_colours(const json& colours, const std::string& name) {
  const json list = colours.is_array() ? colours : json::array({colours});
  EXPECT_LE(list.size(), 2u) << name;
  for (const json& colour : list) EXPECT_TRUE(kColours.contains(colour.get<std::string>())) << name << ": " << colour;
}

// [x, y, width] in units of the picture's side.
void expect_head(const json& head, const std::string& name) {
  ASSERT_EQ(head.size(), 3u) << name;
  for (const json& value : head) {
    EXPECT_GT(value.get<double>(), 0) << name;
    EXPECT_LE(value.get<double>(), 1) << name;
  }
}

TEST(PictureTable, HasARowALineInTheOrderOfFamilies) {
  EXPECT_GE(table().size(), 450u);
  EXPECT_LE(table().size(), 520u);
  std::ifstream file = open_table();
  size_t rows = 0;
  for (std::string line; std::getline(file, line);) rows += line.starts_with("{\"name\":");
  EXPECT_EQ(rows, table().size());

  Words left;
  std::string family;
  for (const json& row : table())
    if (row.at("family") != family) {
      left.insert(family);
      family = row.at("family").get<std::string>();
      EXPECT_FALSE(left.contains(family)) << name_of(row) << " stands apart from its family " << family;
    }
}

TEST(PictureTable, FieldsAreKnown) {
  for (const json& row : table())
    for (const auto& [field, value] : row.items())
      EXPECT_TRUE(kFields.contains(field)) << name_of(row) << ": " << field;
}

TEST(PictureTable, NamesAreUnique) {
  static const std::regex snake_case("[a-z0-9]+(_[a-z0-9]+)*");
  Words names;
  for (const json& row : table()) {
    EXPECT_TRUE(std::regex_match(name_of(row), snake_case)) << name_of(row);
    EXPECT_TRUE(names.insert(name_of(row)).second) << name_of(row) << " stands there twice";
  }
}

// What is asked for must be one kind: a noun of two would be learnt as both.
TEST(PictureTable, NounsAreUnique) {
  std::map<std::string, std::string> kinds;
  for (const json& row : table()) {
    EXPECT_FALSE(row.at("nouns").empty()) << name_of(row);
    for (const json& noun : row.at("nouns")) {
      const auto [place, is_new] = kinds.emplace(singular(noun.get<std::string>()), name_of(row));
      EXPECT_TRUE(is_new) << noun << " is a noun of " << place->second << " and of " << name_of(row);
    }
  }
}

// Without a slash the plural is the noun and an s.
TEST(PictureTable, PluralsThatAreNotRegularAreWrittenOut) {
  static const std::regex irregular(
      "(.*(s|x|z|ch|sh|[^aeiou]y)|.*\\b(wo)?man|.*\\b(mouse|foot|tooth|goose|sheep|deer))");
  for (const json& row : table()) {
    const Words bare = row.value("bare", Words());
    for (const json& noun : row.at("nouns")) {
      const std::string text = noun.get<std::string>();
      EXPECT_TRUE(text.find('/') != text.npos || bare.contains(text) || !std::regex_match(text, irregular))
          << name_of(row) << ": " << text;
    }
  }
}

TEST(PictureTable, BareNounsAreNouns) {
  for (const json& row : table()) {
    const Words nouns = row.at("nouns").get<Words>();
    const Words bare = row.value("bare", Words());
    for (const std::string& noun : bare) EXPECT_TRUE(nouns.contains(noun)) << noun;
  }
}

TEST(PictureTable, EveryLookHasAMember) {
  const std::map<std::string, std::string> members{
      {"3d", "emoji"}, {"flat", "flat"}, {"ink", "flat"}, {"sticker", "noto"}};
  for (const json& row : table()) {
    EXPECT_FALSE(row.at("looks").empty()) << name_of(row);
    for (const json& look : row.at("looks")) {
      ASSERT_TRUE(kLooks.contains(look.get<std::string>())) << name_of(row) << ": " << look;
      EXPECT_FALSE(row.value(members.at(look.get<std::string>()), "").empty()) << name_of(row) << ": " << look;
    }
    EXPECT_EQ(row.contains("emoji"), has_look(row, "3d")) << name_of(row);
    EXPECT_EQ(row.contains("flat"), has_look(row, "flat") || has_look(row, "ink")) << name_of(row);
    EXPECT_EQ(row.contains("noto"), has_look(row, "sticker")) << name_of(row);
  }
}

TEST(PictureTable, PlacesSettingsAndHeightsAreAllowed) {
  for (const json& row : table()) {
    EXPECT_TRUE(Words({"ground", "air", "water"}).contains(row.at("place").get<std::string>())) << name_of(row);
    const Words settings = row.at("settings").get<Words>();
    EXPECT_TRUE(settings.size() == 2 || settings.size() == 3) << name_of(row);
    for (const std::string& setting : settings)
      EXPECT_TRUE(kSettings.contains(setting)) << name_of(row) << ": " << setting;
    EXPECT_GE(row.at("height").get<double>(), 0.6) << name_of(row);
    EXPECT_LE(row.at("height").get<double>(), 1.4) << name_of(row);
  }
}

TEST(PictureTable, ColoursAreAllowed) {
  for (const json& row : table()) {
    if (row.contains("colour")) expect_colours(row.at("colour"), name_of(row));
    const json others = row.value("colours", json::object());
    for (const auto& [set, colours] : others.items()) {
      EXPECT_TRUE(set == "flat" || set == "noto") << name_of(row) << ": " << set;
      expect_colours(colours, name_of(row));
    }
    // "a blue red apple" is no caption: where a thing may have any colour, no other noun than the first names one.
    if (!row.value("recolour", false)) continue;
    for (size_t i = 1; i < row.at("nouns").size(); ++i) {
      const std::string noun = row.at("nouns")[i].get<std::string>();
      EXPECT_FALSE(kColours.contains(noun.substr(0, noun.find(' ')))) << name_of(row) << ": " << noun;
    }
  }
}

TEST(PictureTable, HeadsLieWithinThePicture) {
  int heads = 0;
  for (const json& row : table()) {
    if (!row.contains("head")) {
      EXPECT_FALSE(row.contains("heads")) << name_of(row);
      continue;
    }
    ++heads;
    expect_head(row.at("head"), name_of(row));
    const json others = row.value("heads", json::object());
    for (const auto& [set, head] : others.items()) {
      EXPECT_TRUE(set == "flat" || set == "noto") << name_of(row) << ": " << set;
      expect_head(head, name_of(row));
    }
  }
  EXPECT_GE(heads, 50);
}

TEST(PictureTable, HairIsNamedInTheNoun) {
  for (const json& row : table())
    if (row.contains("hair")) {
      const std::string noun = row.at("nouns")[0].get<std::string>();
      EXPECT_NE(noun.find(row.at("hair").get<std::string>() + " hair"), noun.npos) << name_of(row);
    }
}

// What a first picture is likely to be asked of.
TEST(PictureTable, KindsThatEveryoneTriesAreThere) {
  Words nouns;
  for (const json& row : table())
    for (const json& noun : row.at("nouns")) nouns.insert(singular(noun.get<std::string>()));
  for (const char* noun :
       {"lemon",     "apple",  "cat",       "kitten",   "dog",      "fox",     "rabbit", "bunny",
        "car",       "house",  "palm tree", "umbrella", "sun",      "moon",    "star",   "cloud",
        "astronaut", "couple", "castle",    "robot",    "dinosaur", "unicorn", "dragon", "woman with red hair"})
    EXPECT_TRUE(nouns.contains(noun)) << noun;
}

}  // namespace
}  // namespace easel
