// kind_traits.h — what a kind of subject can do, and where it is at home.
#pragma once

#include <vector>

#include "storybook/scene.h"

namespace easel::storybook {

enum class Place { ground, air, water };  // what it stands on, hangs in or swims in

enum Ability : unsigned {
  can_wear = 1,       // a hat, bunny ears, a scarf
  has_hair = 2,       // red hair
  can_hold = 4,       // something in the hand
  can_be_held = 8,    // in a hand
  can_carry = 16,     // something on top
  can_be_on_top = 32  // of something that carries
};

struct KindTraits {
  Kind kind;
  Place place;
  unsigned abilities;            // Ability bits
  double aspect;                 // width / height of its drawing
  double height;                 // relative to others when they stand together: a castle is taller than a cup
  std::vector<Colour> natural;   // colours that it usually has
  std::vector<Setting> at_home;  // settings where it is expected
  bool can(Ability ability) const { return (abilities & ability) != 0; }
};

const KindTraits& traits_of(Kind kind);

}  // namespace easel::storybook
