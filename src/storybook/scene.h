// scene.h — a picture of the storybook world before it is drawn: what is where, in which light, in which style.
//
// A Scene is the ground truth of its picture (drawing.h) and of its captions (caption.h). The enumerators of each type
// count from 0, in the order of all_…(): they serve as class labels. The names are those of captions, flags and JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace easel::storybook {

enum class Kind : uint16_t {};  // the place of its row (kind_row.h)
enum class Colour { red, orange, yellow, green, teal, blue, purple, pink, brown, black, white, grey };
enum class Setting {
  plain,
  beach,
  park,
  forest,
  city,
  mountains,
  snow,
  sea,
  space,
  room,
  // of worlds whose things are pictures
  coloured,
  meadow,
  street,
  table,
  desert,
  sky
};
enum class TimeOfDay { day, dawn, sunset, night };
enum class Weather { clear, cloudy, rain, snowfall, fog };
// The last three are looks that pictures come in; what code draws has them as `flat`.
enum class Style { flat, outline, pencil, watercolour, impressionist, pixel_art, cubist, render_3d, sticker, ink };

// Between subjects[0] and subjects[1]: "subjects[0] is left of subjects[1]". `wearing` is between subjects[0] and its
// accessory (hat, bunny ears, scarf); `none`: one subject without them, or subjects side by side in any order.
enum class Relation { none, left_of, right_of, above, below, on, wearing, holding };
enum class Accessory { none, hat, bunny_ears, red_hair, scarf };

// Those that code draws, and those that are pictures (which come after them).
std::span<const Kind> drawn_kinds();
std::span<const Kind> picture_kinds();
std::span<const Colour> all_colours();
std::span<const Setting> all_settings();
std::span<const TimeOfDay> all_times();
std::span<const Weather> all_weathers();
std::span<const Style> all_styles();
std::span<const Relation> all_relations();
std::span<const Accessory> all_accessories();

// "lemon", "pixel_art", "left_of", …
const char* kind_name(Kind kind);
const char* colour_name(Colour colour);
const char* setting_name(Setting setting);
const char* time_name(TimeOfDay time);
const char* weather_name(Weather weather);
const char* style_name(Style style);
const char* relation_name(Relation relation);
const char* accessory_name(Accessory accessory);

// By name. Throw InvalidArgument with the list of names.
// A drawn kind and a picture may have the same name, so a kind is found among those of a world.
Kind find_kind(std::string_view name, std::span<const Kind> among = drawn_kinds());
Colour find_colour(std::string_view name);
Setting find_setting(std::string_view name);
Style find_style(std::string_view name);

// `count` things of one kind and colour. A person's colour is that of the clothes, a tree's that of the crown.
struct Subject {
  Kind kind{};
  Colour colour = Colour::red;
  int count = 1;  // 1..4; of several subjects the first is always 1, and only plants after it come in twos
  Accessory accessory = Accessory::none;
  Colour accessory_colour = Colour::red;  // of hat and scarf
};

struct Scene {
  Setting setting = Setting::plain;
  Colour ground = Colour::white;     // of the setting `coloured`
  TimeOfDay time = TimeOfDay::day;   // day where the setting has no light of its own to show: plain, space
  Weather weather = Weather::clear;  // clear on plain, in space and in a room
  Style style = Style::flat;
  std::vector<Subject> subjects;  // 1..3
  Relation relation = Relation::none;
  uint64_t seed = 0;  // pose, shape and place of everything that the fields above leave open
};

// Whether there is nothing but one colour behind the things.
bool is_bare(Setting setting);
// Whether the setting shows the time of day, or weather.
bool has_time(Setting setting);
bool has_weather(Setting setting);

}  // namespace easel::storybook
