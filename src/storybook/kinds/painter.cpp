#include "storybook/kinds/painter.h"

#include <array>

namespace easel::storybook {
namespace {

// In the order of Kind. The surface matters where the kind can carry, the hand where it can hold.
constexpr std::array kPainters = {
    Painter{draw_lemon},
    Painter{draw_round_fruit},
    Painter{draw_round_fruit},
    Painter{draw_pear},
    Painter{draw_animal},
    Painter{draw_animal},
    Painter{draw_animal},
    Painter{draw_animal},
    Painter{draw_animal},
    Painter{draw_animal, 1, {0.3, 0.3}},
    Painter{draw_fish},
    Painter{draw_bird},
    Painter{draw_butterfly},
    Painter{draw_person, 1, {0.27, 0.5}},
    Painter{draw_person, 1, {0.27, 0.5}},
    Painter{draw_couple},
    Painter{draw_person, 1, {0.27, 0.38}},
    Painter{draw_robot, 1, {0.36, 0.4}},
    Painter{draw_house, 0.95},
    Painter{draw_castle, 0.96},
    Painter{draw_lighthouse},
    Painter{draw_car, 0.93},
    Painter{draw_boat, 0.26},
    Painter{draw_rocket},
    Painter{draw_tree},
    Painter{draw_palm},
    Painter{draw_flower},
    Painter{draw_mushroom, 0.95},
    Painter{draw_sun},
    Painter{draw_moon},
    Painter{draw_star},
    Painter{draw_cloud},
    Painter{draw_umbrella},
    Painter{draw_ball, 0.96},
    Painter{draw_table, 0.86},
    Painter{draw_vase},
    Painter{draw_cup},
    Painter{draw_balloon},
    Painter{draw_heart},
    Painter{draw_sofa, 0.44},
};

}  // namespace

const Painter& painter_of(Kind kind) { return kPainters[static_cast<size_t>(kind)]; }

}  // namespace easel::storybook
