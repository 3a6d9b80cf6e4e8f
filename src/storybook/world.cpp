#include "storybook/world.h"

#include <algorithm>
#include <array>

#include "easel/error.h"
#include "storybook/kind_row.h"

namespace easel::storybook {
namespace {

template <typename T>
std::vector<T> everything(std::span<const T> items) {
  return {items.begin(), items.end()};
}

// Those behind are made for pictures.
constexpr size_t kDrawnSettings = static_cast<size_t>(Setting::room) + 1;
constexpr size_t kDrawnStyles = static_cast<size_t>(Style::cubist) + 1;

constexpr std::array kSplitNames = {"train", "held_out", "any"};

}  // namespace

World World::whole() {
  World world;
  world.name = "whole";
  world.kinds = everything(drawn_kinds());
  world.colours = everything(all_colours());
  world.settings = everything(all_settings().first(kDrawnSettings));
  world.times = everything(all_times());
  world.weathers = everything(all_weathers());
  world.styles = everything(all_styles().first(kDrawnStyles));
  world.relations = everything(all_relations());
  world.accessories = everything(all_accessories());
  return world;
}

World World::small() {
  World world;
  world.name = "small";
  for (const char* name : {"lemon", "apple", "cat", "dog", "rabbit", "fish", "house", "castle", "car", "boat", "tree",
                           "flower", "mushroom", "star", "umbrella", "ball"})
    world.kinds.push_back(find_kind(name));
  world.colours = {Colour::red,    Colour::orange, Colour::yellow, Colour::green, Colour::blue,
                   Colour::purple, Colour::pink,   Colour::brown,  Colour::black, Colour::white};
  world.settings = {Setting::plain, Setting::beach, Setting::park, Setting::snow, Setting::space, Setting::room};
  world.times = {TimeOfDay::day, TimeOfDay::sunset, TimeOfDay::night};
  world.weathers = {Weather::clear};
  world.styles = {Style::flat, Style::watercolour, Style::pixel_art};
  world.relations = {Relation::none,  Relation::left_of, Relation::right_of, Relation::above,
                     Relation::below, Relation::on,      Relation::wearing};
  world.accessories = {Accessory::none, Accessory::hat};
  world.max_count = 3;
  world.max_subjects = 2;
  return world;
}

World World::first() {
  World world = small();
  world.name = "first";
  world.relations = {Relation::none, Relation::wearing};
  world.max_subjects = 1;
  return world;
}

World World::picturebook() {
  World world;
  world.name = "picturebook";
  world.kinds = everything(picture_kinds());
  world.colours = everything(all_colours());
  world.settings = everything(all_settings());
  std::erase(world.settings, Setting::city);  // the street is one
  world.times = {TimeOfDay::day, TimeOfDay::sunset, TimeOfDay::night};
  world.weathers = {Weather::clear, Weather::rain, Weather::snowfall};
  world.styles = {Style::render_3d,   Style::flat,          Style::sticker,  Style::ink,
                  Style::watercolour, Style::impressionist, Style::pixel_art};
  world.relations = {Relation::none,  Relation::left_of, Relation::right_of,
                     Relation::above, Relation::below,   Relation::wearing};
  world.accessories = {Accessory::none, Accessory::hat, Accessory::bunny_ears};
  world.usual_style = Style::render_3d;
  world.usual_weight = 12;
  return world;
}

World World::picturebook_core() {
  World world = picturebook();
  world.name = "picturebook_core";
  std::erase_if(world.kinds, [](Kind kind) { return !row_of(kind).picture->core; });
  std::erase(world.styles, Style::ink);
  world.weathers = {Weather::clear};
  world.max_count = 3;
  world.max_subjects = 2;
  return world;
}

World World::bare() const {
  World world = *this;
  world.name += "_bare";
  std::erase_if(world.settings, [](Setting setting) { return !is_bare(setting); });
  world.styles = {usual_style};
  world.relations = {Relation::none};
  world.accessories = {Accessory::none};
  world.max_count = 1;
  world.max_subjects = 1;
  return world;
}

void World::emphasise(Kind kind) {
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    throw Error(ErrorCode::InvalidArgument, "[storybook] world " + name + " has no " + kind_name(kind));
  kinds.insert(kinds.end(), 2, kind);
}

World find_world(std::string_view name) {
  constexpr std::string_view kBare = "_bare";
  if (name.ends_with(kBare)) return find_world(name.substr(0, name.size() - kBare.size())).bare();
  if (name == "first") return World::first();
  if (name == "small") return World::small();
  if (name == "whole") return World::whole();
  if (name == "picturebook") return World::picturebook();
  if (name == "picturebook_core") return World::picturebook_core();
  throw Error(ErrorCode::InvalidArgument,
              "[storybook] world = " + std::string(name) +
                  "; must be one of first, small, whole, picturebook, picturebook_core, or one of them with _bare");
}

const char* split_name(Split split) { return kSplitNames[static_cast<size_t>(split)]; }

Split find_split(std::string_view name) {
  for (size_t i = 0; i < kSplitNames.size(); ++i)
    if (name == kSplitNames[i]) return static_cast<Split>(i);
  throw Error(ErrorCode::InvalidArgument,
              "[storybook] split = " + std::string(name) + "; must be one of train, held_out, any");
}

}  // namespace easel::storybook
