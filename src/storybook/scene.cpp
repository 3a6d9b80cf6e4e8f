#include "storybook/scene.h"

#include <array>
#include <string>

#include "easel/error.h"

namespace easel::storybook {
namespace {

// In the order of the enumerators.
constexpr std::array kColourNames = {"red",    "orange", "yellow", "green", "teal",  "blue",
                                     "purple", "pink",   "brown",  "black", "white", "grey"};
constexpr std::array kSettingNames = {"plain", "beach", "park",     "forest", "city",   "mountains", "snow",   "sea",
                                      "space", "room",  "coloured", "meadow", "street", "table",     "desert", "sky"};
constexpr std::array kTimeNames = {"day", "dawn", "sunset", "night"};
constexpr std::array kWeatherNames = {"clear", "cloudy", "rain", "snowfall", "fog"};
constexpr std::array kStyleNames = {"flat",      "outline", "pencil", "watercolour", "impressionist",
                                    "pixel_art", "cubist",  "3d",     "sticker",     "ink"};
constexpr std::array kRelationNames = {"none", "left_of", "right_of", "above", "below", "on", "wearing", "holding"};
constexpr std::array kAccessoryNames = {"none", "hat", "bunny_ears", "red_hair", "scarf"};

template <typename Enum, size_t size>
constexpr std::array<Enum, size> first_enumerators() {
  std::array<Enum, size> all{};
  for (size_t i = 0; i < size; ++i) all[i] = static_cast<Enum>(i);
  return all;
}

template <typename Enum, const auto& names>
std::span<const Enum> all_of() {
  static constexpr auto all = first_enumerators<Enum, names.size()>();
  return all;
}

template <typename Enum, size_t size>
Enum find_named(const char* what, const std::array<const char*, size>& names, std::string_view wanted) {
  std::string list;
  for (size_t i = 0; i < size; ++i) {
    if (wanted == names[i]) return static_cast<Enum>(i);
    list += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  throw Error(ErrorCode::InvalidArgument,
              "[storybook] " + std::string(what) + " = " + std::string(wanted) + "; must be one of " + list);
}

}  // namespace

std::span<const Colour> all_colours() { return all_of<Colour, kColourNames>(); }
std::span<const Setting> all_settings() { return all_of<Setting, kSettingNames>(); }
std::span<const TimeOfDay> all_times() { return all_of<TimeOfDay, kTimeNames>(); }
std::span<const Weather> all_weathers() { return all_of<Weather, kWeatherNames>(); }
std::span<const Style> all_styles() { return all_of<Style, kStyleNames>(); }
std::span<const Relation> all_relations() { return all_of<Relation, kRelationNames>(); }
std::span<const Accessory> all_accessories() { return all_of<Accessory, kAccessoryNames>(); }

const char* colour_name(Colour colour) { return kColourNames[static_cast<size_t>(colour)]; }
const char* setting_name(Setting setting) { return kSettingNames[static_cast<size_t>(setting)]; }
const char* time_name(TimeOfDay time) { return kTimeNames[static_cast<size_t>(time)]; }
const char* weather_name(Weather weather) { return kWeatherNames[static_cast<size_t>(weather)]; }
const char* style_name(Style style) { return kStyleNames[static_cast<size_t>(style)]; }
const char* relation_name(Relation relation) { return kRelationNames[static_cast<size_t>(relation)]; }
const char* accessory_name(Accessory accessory) { return kAccessoryNames[static_cast<size_t>(accessory)]; }

Colour find_colour(std::string_view name) { return find_named<Colour>("colour", kColourNames, name); }
Setting find_setting(std::string_view name) { return find_named<Setting>("setting", kSettingNames, name); }
Style find_style(std::string_view name) { return find_named<Style>("style", kStyleNames, name); }

bool is_bare(Setting setting) { return setting == Setting::plain || setting == Setting::coloured; }
bool has_time(Setting setting) { return !is_bare(setting) && setting != Setting::space && setting != Setting::table; }
bool has_weather(Setting setting) { return has_time(setting) && setting != Setting::room; }

}  // namespace easel::storybook
