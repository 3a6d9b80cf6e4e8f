// Animals that swim and fly: fish, bird, butterfly. They look to the left.
#include <cmath>

#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

void draw_side_eye(Brush& brush, Point centre, double size) {
  brush.circle(centre, size, Rgb{0.99, 0.99, 0.97});
  brush.circle({centre.x - 0.2 * size, centre.y}, 0.6 * size, plain(kInk));
  brush.circle({centre.x - 0.35 * size, centre.y + 0.3 * size}, 0.22 * size, plain(kWhite));
}

void draw_fish(Brush& brush, const Look& look, RandomNumbers& random) {
  const double fin = random.between(-0.08, 0.08);
  const double round = random.between(0.34, 0.42);
  const Rgb deep = deep_tone(look.colour);
  const bool striped = random.chance(50);
  brush.blob({{0.3, 0.5}, {0.78, 0.92 + fin}, {0.7, 0.5}, {0.78, 0.08 + fin}}, deep);
  brush.blob({{-0.2, 0.8}, {0.06, 1.0 + fin * 0.5}, {0.34, 0.9}, {0.25, 0.66}}, deep);
  brush.blob({{-0.1, 0.2}, {0.12, 0.02}, {0.2, 0.22}}, deep);
  brush.ellipse({-0.12, 0.5}, 0.58, round, look.colour);
  if (striped) {
    for (const double x : {0.0, 0.2})
      brush.curve({{x, 0.5 + round * 0.78}, {x + 0.06, 0.5}, {x, 0.5 - round * 0.78}}, 0.075,
                  plain(pale_tone(look.colour)));
  } else {
    for (const Point scale : {Point{0.0, 0.62}, {0.0, 0.38}, {0.16, 0.5}, {0.26, 0.64}, {0.26, 0.36}})
      brush.curve({{scale.x - 0.03, scale.y + 0.08}, {scale.x + 0.04, scale.y}, {scale.x - 0.03, scale.y - 0.08}}, 0.03,
                  plain(deep));
  }
  brush.blob({{-0.12, 0.46}, {0.1, 0.44}, {0.08, 0.28}, {-0.06, 0.32}}, deep);
  draw_side_eye(brush, {-0.42, 0.6}, 0.1);
  brush.curve({{-0.68, 0.42}, {-0.58, 0.37}, {-0.5, 0.4}}, 0.035, plain(kInk));
}

void draw_bird(Brush& brush, const Look& look, RandomNumbers& random) {
  const double lift = random.between(-0.1, 0.12);
  const Rgb deep = deep_tone(look.colour);
  brush.polygon({{0.26, 0.4}, {0.66, 0.3 + lift}, {0.6, 0.46 + lift}, {0.64, 0.56 + lift}, {0.26, 0.56}}, deep);
  brush.polygon({{-0.48, 0.7}, {-0.66, 0.6}, {-0.46, 0.56}}, Rgb{0.98, 0.68, 0.15});
  brush.together([&] {
    brush.ellipse({0.04, 0.42}, 0.36, 0.27, look.colour, -0.1);
    brush.circle({-0.3, 0.64}, 0.22, look.colour);
  });
  brush.ellipse({-0.1, 0.32}, 0.2, 0.14, plain(pale_tone(look.colour)), -0.3);
  if (random.chance(55)) {  // a wing up, in flight
    brush.blob({{-0.14, 0.5}, {0.0, 0.8}, {0.3, 1.02 + lift * 0.5}, {0.34, 0.74}, {0.26, 0.48}}, deep);
    brush.curve({{0.08, 0.58}, {0.24, 0.84}}, 0.03, plain(look.colour));
  } else {
    brush.blob({{-0.14, 0.52}, {0.16, 0.58}, {0.44, 0.36}, {0.16, 0.28}}, deep);
    for (const double x : {0.0, 0.12})
      brush.curve({{x, 0.17}, {x, 0.02}, {x - 0.08, 0.0}}, 0.035, plain({0.93, 0.6, 0.15}));
  }
  draw_side_eye(brush, {-0.36, 0.7}, 0.075);
}

void draw_butterfly(Brush& brush, const Look& look, RandomNumbers& random) {
  const double open = random.between(0.86, 1.02);
  const double tilt = random.between(-0.3, 0.3);
  const Rgb spot = pale_tone(look.colour);
  const Rgb edge = deep_tone(look.colour);
  brush.within({.origin = {0, 0.5}, .angle = tilt}, [&] {
    for (const double side : {-open, open}) {
      brush.blob(
          {{side * 0.03, 0.02}, {side * 0.22, 0.42}, {side * 0.56, 0.48}, {side * 0.6, 0.16}, {side * 0.3, -0.04}},
          look.colour);
      brush.blob(
          {{side * 0.03, 0.0}, {side * 0.34, -0.06}, {side * 0.48, -0.26}, {side * 0.26, -0.46}, {side * 0.06, -0.2}},
          edge);
      brush.ellipse({side * 0.4, 0.26}, 0.1, 0.11, plain(spot));
      brush.ellipse({side * 0.28, -0.22}, 0.07, 0.08, plain(spot));
      brush.curve({{side * 0.02, 0.26}, {side * 0.08, 0.42}, {side * 0.16, 0.48}}, 0.025, plain(kInk));
    }
    brush.ellipse({0, 0.02}, 0.055, 0.3, Rgb{0.3, 0.22, 0.2});
    brush.circle({0, 0.3}, 0.075, Rgb{0.3, 0.22, 0.2});
  });
}

}  // namespace

std::vector<KindRow> winged_animals_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "fish", .nouns = {{"fish", "fish"}}, .place = Place::water, .abilities = can_be_on_top | swims,
       .aspect = 1.6, .height = 0.7, .natural = {orange, blue}, .at_home = {sea},
       .held_out = {brown, park, pixel_art}, .draw = draw_fish},
      {.name = "bird", .nouns = {{"bird", "birds"}}, .place = Place::air, .abilities = can_be_on_top, .aspect = 1.25,
       .height = 0.8, .natural = {red, blue, yellow, black}, .at_home = {forest, park, mountains},
       .held_out = {grey, room, watercolour}, .draw = draw_bird},
      {.name = "butterfly", .nouns = {{"butterfly", "butterflies"}}, .place = Place::air, .aspect = 1.25,
       .height = 0.8, .natural = {orange, yellow, blue}, .at_home = {park, forest},
       .held_out = {white, snow, outline}, .draw = draw_butterfly},
  };
  // clang-format on
}

}  // namespace easel::storybook
