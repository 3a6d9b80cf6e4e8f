#include "storybook/kind_traits.h"

#include <algorithm>

namespace easel::storybook {
namespace {

using enum Colour;
using enum Setting;
using enum Place;

constexpr unsigned kSmallThing = can_be_held | can_be_on_top;
constexpr unsigned kAnimal = can_wear | can_be_on_top;
constexpr unsigned kPerson = can_wear | has_hair | can_hold;

// In the order of Kind. A colour is written Colour::orange where the fruit is meant to be told apart.
const std::vector<KindTraits>& table() {
  static const std::vector<KindTraits> traits = {
      {Kind::lemon, ground, kSmallThing, 1.25, 0.75, {yellow}, {room, park}},
      {Kind::apple, ground, kSmallThing, 1.0, 0.8, {red, green}, {room, park}},
      {Kind::orange, ground, kSmallThing, 1.0, 0.8, {Colour::orange}, {room, park}},
      {Kind::pear, ground, kSmallThing, 0.8, 0.85, {yellow, green}, {room, park}},
      {Kind::cat, ground, kAnimal, 0.8, 1.0, {Colour::orange, black, white, grey}, {room, park, beach}},
      {Kind::dog, ground, kAnimal, 0.85, 1.0, {brown, white, black}, {park, room, beach}},
      {Kind::rabbit, ground, kAnimal, 0.7, 1.0, {white, brown, grey}, {park, forest, snow}},
      {Kind::fox, ground, kAnimal, 0.9, 1.0, {Colour::orange, white}, {forest, snow, mountains}},
      {Kind::lion, ground, kAnimal, 0.95, 1.05, {Colour::orange, yellow}, {park, mountains}},
      {Kind::bear, ground, kAnimal | can_hold, 0.85, 1.05, {brown, black, white}, {forest, mountains, snow}},
      {Kind::fish, water, can_be_on_top, 1.6, 0.7, {Colour::orange, blue}, {sea}},
      {Kind::bird, air, can_be_on_top, 1.25, 0.8, {red, blue, yellow, black}, {forest, park, mountains}},
      {Kind::butterfly, air, 0, 1.25, 0.8, {Colour::orange, yellow, blue}, {park, forest}},
      {Kind::woman, ground, kPerson | can_be_on_top, 0.5, 1.15, {red, blue, green}, {park, city, beach}},
      {Kind::man, ground, kPerson | can_be_on_top, 0.5, 1.2, {blue, black, green}, {city, park, mountains}},
      {Kind::couple, ground, 0, 0.85, 1.15, {blue, red}, {beach, park, city}},
      {Kind::child, ground, kPerson | can_be_on_top, 0.55, 0.95, {yellow, red}, {park, snow, beach}},
      {Kind::robot, ground, can_wear | can_hold | can_be_on_top, 0.75, 1.05, {grey, blue}, {space, city, room}},
      {Kind::house, ground, can_carry, 1.1, 1.15, {red, white, yellow}, {park, mountains, snow, forest}},
      {Kind::castle, ground, can_carry, 1.1, 1.25, {grey, white, brown}, {mountains, park, forest}},
      {Kind::lighthouse, ground, 0, 0.5, 1.35, {red, white}, {beach, sea}},
      {Kind::car, ground, can_carry, 1.75, 0.75, {red, blue}, {city, park}},
      {Kind::boat, water, can_carry, 1.2, 1.05, {red, white, blue}, {sea, beach}},
      {Kind::rocket, air, 0, 0.6, 1.25, {red, white}, {space, mountains}},
      {Kind::tree, ground, 0, 0.85, 1.3, {green}, {park, forest, mountains}},
      {Kind::palm, ground, 0, 0.9, 1.35, {green}, {beach, sea}},
      {Kind::flower, ground, can_be_held, 0.6, 0.95, {red, yellow, pink}, {park, forest}},
      {Kind::mushroom, ground, can_carry, 0.95, 0.85, {red, brown}, {forest, park}},
      {Kind::sun, air, 0, 1.0, 0.95, {yellow, Colour::orange}, {beach, mountains, sea}},
      {Kind::moon, air, can_be_held, 0.85, 0.95, {yellow, white}, {space, mountains, sea}},
      {Kind::star, air, can_be_held, 1.05, 0.9, {yellow}, {space, snow}},
      {Kind::cloud, air, 0, 1.6, 0.75, {white, grey}, {mountains, sea, park}},
      {Kind::umbrella, ground, can_be_held, 1.0, 1.05, {red, blue}, {beach, city}},
      {Kind::ball, ground, kSmallThing | can_carry, 1.0, 0.8, {red, blue}, {beach, park, room}},
      {Kind::table, ground, can_carry, 1.3, 0.85, {brown}, {room}},
      {Kind::vase, ground, can_be_on_top, 0.65, 0.95, {blue, white}, {room}},
      {Kind::cup, ground, kSmallThing, 1.15, 0.75, {white, red}, {room}},
      {Kind::balloon, air, can_be_held, 0.62, 1.1, {red, blue, yellow}, {park, city}},
      {Kind::heart, air, can_be_held, 1.08, 0.85, {red, pink}, {room}},
      {Kind::sofa, ground, can_carry, 1.6, 0.85, {red, green}, {room}},
  };
  return traits;
}

}  // namespace

const KindTraits& traits_of(Kind kind) { return table()[static_cast<size_t>(kind)]; }

}  // namespace easel::storybook
