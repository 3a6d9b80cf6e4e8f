// families.h — the kinds of things that code draws, family by family: rows beside their painters.
#pragma once

#include <vector>

#include "storybook/kind_row.h"

namespace easel::storybook {

std::vector<KindRow> fruit_kinds();           // lemon, apple, …
std::vector<KindRow> animals_kinds();         // cat, dog, …
std::vector<KindRow> winged_animals_kinds();  // and the fish
std::vector<KindRow> people_kinds();          // and the robot
std::vector<KindRow> buildings_kinds();
std::vector<KindRow> vehicles_kinds();
std::vector<KindRow> plants_kinds();
std::vector<KindRow> sky_kinds();
std::vector<KindRow> household_kinds();

}  // namespace easel::storybook
