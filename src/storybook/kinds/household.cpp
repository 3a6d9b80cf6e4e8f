// Things: umbrella, ball, table, vase, cup, balloon, heart, sofa.
#include <cmath>
#include <numbers>

#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

// Beside the colour of the thing: white, or a soft grey on white things.
Rgb second_tone(Rgb colour) { return luma(colour) > 0.85 ? Rgb{0.8, 0.84, 0.9} : Rgb{0.98, 0.97, 0.94}; }

void draw_umbrella(Brush& brush, const Look& look, RandomNumbers& random) {
  const double tilt = random.between(-0.12, 0.12);
  const bool banded = random.chance(40);
  brush.within({.origin = {0, 0}, .angle = tilt}, [&] {
    brush.curve({{0.0, 0.93}, {0.0, 0.1}, {0.04, 0.02}, {0.11, 0.02}, {0.13, 0.09}}, 0.04, kWood);
    brush.curve({{0, 0.9}, {0, 0.99}}, 0.035, kWood);
    brush.blob({{-0.5, 0.48},
                {-0.44, 0.7},
                {-0.24, 0.9},
                {0, 0.95},
                {0.24, 0.9},
                {0.44, 0.7},
                {0.5, 0.48},
                {0.34, 0.54},
                {0.17, 0.47},
                {0, 0.53},
                {-0.17, 0.47},
                {-0.34, 0.54}},
               look.colour);
    if (banded)
      for (const double side : {-1.0, 1.0})
        brush.blob({{0, 0.94}, {side * 0.24, 0.78}, {side * 0.34, 0.54}, {side * 0.17, 0.48}, {side * 0.1, 0.75}},
                   plain(deep_tone(look.colour)));
    for (const double side : {-1.0, 1.0})
      brush.curve({{0, 0.94}, {side * 0.13, 0.76}, {side * 0.17, 0.49}}, 0.02, plain(mix(look.colour, kInk, 0.4)));
  });
}

void draw_ball(Brush& brush, const Look& look, RandomNumbers& random) {
  const double turn = random.between(-0.8, 0.8);
  const int pattern = random.below(3);
  const Rgb tone = second_tone(look.colour);
  brush.circle({0, 0.49}, 0.49, look.colour);
  brush.within({.origin = {0, 0.49}, .angle = turn}, [&] {
    if (pattern == 0)
      brush.blob({{-0.47, 0.1}, {0, 0.19}, {0.47, 0.1}, {0.475, -0.06}, {0, 0.03}, {-0.475, -0.06}}, plain(tone));
    if (pattern == 1)
      for (const double side : {-1.0, 1.0})
        brush.curve({{side * 0.2, 0.42}, {side * 0.09, 0}, {side * 0.2, -0.42}}, 0.05, plain(tone));
    if (pattern == 2)
      for (const Point dot : {Point{0.0, 0.02}, {0.27, 0.15}, {-0.24, 0.2}, {-0.2, -0.24}, {0.16, -0.28}})
        brush.circle(dot, 0.075, plain(tone));
  });
  brush.ellipse({-0.2, 0.73}, 0.07, 0.11, plain(kWhite, 0.7), -0.7);
}

void draw_table(Brush& brush, const Look& look, RandomNumbers& random) {
  const bool round = random.chance(40);
  const double spread = random.between(0.42, 0.5);
  const Rgb leg = deep_tone(look.colour);
  if (round) {
    brush.curve({{0, 0.82}, {0, 0.1}}, 0.13, leg);
    brush.curve({{-0.3, 0.05}, {0, 0.14}, {0.3, 0.05}}, 0.1, leg);
    brush.ellipse({0, 0.86}, 0.63, 0.13, look.colour);
    brush.ellipse({0, 0.885}, 0.55, 0.09, plain(lighten(look.colour, 0.15)));
    return;
  }
  for (const double side : {-1.0, 1.0}) {
    brush.rectangle({side * spread * 0.62 - 0.04, 0.22}, {side * spread * 0.62 + 0.04, 0.72}, leg);
    brush.rectangle({side * spread - 0.055, 0.0}, {side * spread + 0.055, 0.74}, look.colour);
  }
  brush.rectangle({-spread, 0.62}, {spread, 0.78}, look.colour);
  brush.polygon({{-0.64, 0.76}, {-0.5, 0.98}, {0.5, 0.98}, {0.64, 0.76}}, lighten(look.colour, 0.08));
  brush.circle({0, 0.7}, 0.03, plain(kGold));
}

void draw_vase(Brush& brush, const Look& look, RandomNumbers& random) {
  const double belly = random.between(0.27, 0.32);
  const double neck = random.between(0.1, 0.14);
  const Rgb band = second_tone(look.colour);
  brush.blob({{-0.2, 0.98},
              {-neck, 0.84},
              {-neck * 1.15, 0.72},
              {-belly, 0.46},
              {-belly * 0.86, 0.2},
              {-0.15, 0.02},
              {0.15, 0.02},
              {belly * 0.86, 0.2},
              {belly, 0.46},
              {neck * 1.15, 0.72},
              {neck, 0.84},
              {0.2, 0.98}},
             look.colour);
  brush.ellipse({0, 0.975}, 0.19, 0.04, mix(look.colour, kInk, 0.45));
  if (random.chance(60)) {
    brush.curve({{-belly * 0.95, 0.5}, {0, 0.44}, {belly * 0.95, 0.5}}, 0.05, plain(band));
    brush.curve({{-belly * 0.92, 0.28}, {0, 0.22}, {belly * 0.92, 0.28}}, 0.03, plain(band));
  } else {
    for (const double x : {-0.14, 0.0, 0.14}) brush.circle({x, 0.4 + (x == 0 ? -0.03 : 0)}, 0.05, plain(band));
  }
  brush.ellipse({-belly * 0.5, 0.58}, 0.03, 0.08, plain(kWhite, 0.55), -0.4);
}

void draw_cup(Brush& brush, const Look& look, RandomNumbers& random) {
  const double flare = random.between(0.0, 0.08);
  const Rgb band = second_tone(look.colour);
  brush.curve({{0.3, 0.64}, {0.5, 0.66}, {0.53, 0.42}, {0.28, 0.26}}, 0.09, look.colour);
  brush.blob({{-0.4, 0.76},
              {-0.38 + flare, 0.3},
              {-0.26 + flare, 0.03},
              {0.2 - flare, 0.03},
              {0.32 - flare, 0.3},
              {0.34, 0.76}},
             look.colour);
  brush.ellipse({-0.03, 0.77}, 0.375, 0.09, lighten(look.colour, 0.2));
  brush.ellipse({-0.03, 0.755}, 0.31, 0.06, plain({0.4, 0.25, 0.16}));
  if (random.chance(50))
    brush.curve({{-0.36 + flare * 0.6, 0.42}, {-0.03, 0.36}, {0.3 - flare * 0.6, 0.42}}, 0.06, plain(band));
  if (random.chance(60))
    for (const double x : {-0.14, 0.08})
      brush.curve({{x, 0.84}, {x + 0.05, 0.9}, {x - 0.02, 0.95}, {x + 0.03, 1.0}}, 0.03,
                  plain({0.82, 0.84, 0.88}, 0.8));
}

void draw_balloon(Brush& brush, const Look& look, RandomNumbers& random) {
  const double sway = random.between(-0.1, 0.1);
  brush.curve({{0, 0.44}, {sway, 0.3}, {-sway, 0.14}, {0, 0}}, 0.02, plain(mix(kInk, kWhite, 0.3)));
  brush.polygon({{-0.05, 0.4}, {0, 0.47}, {0.05, 0.4}}, look.colour);
  brush.blob({{0, 0.44}, {0.2, 0.56}, {0.29, 0.76}, {0.2, 0.94}, {0, 1.0}, {-0.2, 0.94}, {-0.29, 0.76}, {-0.2, 0.56}},
             look.colour);
  brush.ellipse({-0.12, 0.84}, 0.045, 0.08, plain(kWhite, 0.7), -0.4);
}

void draw_heart(Brush& brush, const Look& look, RandomNumbers& random) {
  const double full = random.between(0.5, 0.54);
  const double tilt = random.between(-0.15, 0.15);
  brush.within({.origin = {0, 0.48}, .angle = tilt}, [&] {
    brush.together([&] {  // the tip must stay sharp, so the two halves are drawn apart
      for (const double side : {-1.0, 1.0})
        brush.blob({{0, -0.48},
                    {0, -0.47},
                    {side * 0.3, -0.16},
                    {side * full, 0.2},
                    {side * 0.4, 0.45},
                    {side * 0.2, 0.47},
                    {side * 0.02, 0.3},
                    {0, 0.28}},
                   look.colour);
    });
    brush.ellipse({-0.27, 0.24}, 0.07, 0.12, plain(kWhite, 0.6), -0.7);
  });
}

void draw_sofa(Brush& brush, const Look& look, RandomNumbers& random) {
  const double back = random.between(0.86, 1.0);
  const Rgb seat = luma(look.colour) < 0.25 ? lighten(look.colour, 0.14) : lighten(look.colour, 0.12);
  for (const double x : {-0.6, 0.6}) brush.rectangle({x - 0.05, 0}, {x + 0.05, 0.14}, kWood);
  brush.rectangle({-0.62, 0.3}, {0.62, back}, look.colour, 0.15);
  brush.rectangle({-0.66, 0.1}, {0.66, 0.36}, look.colour, 0.06);
  for (const double x : {-0.29, 0.29}) {
    brush.rectangle({x - 0.28, 0.5}, {x + 0.28, back - 0.08}, plain(seat), 0.08);
    brush.rectangle({x - 0.29, 0.32}, {x + 0.29, 0.5}, seat, 0.07);
  }
  for (const double side : {-1.0, 1.0})
    brush.rectangle({side * 0.68 - 0.12, 0.1}, {side * 0.68 + 0.12, 0.62}, look.colour, 0.11);
  if (random.chance(50)) brush.rectangle({-0.5, 0.46}, {-0.24, 0.7}, second_tone(look.colour), 0.05);
}

}  // namespace

std::vector<KindRow> household_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "umbrella", .nouns = {{"umbrella", "umbrellas"}, {"parasol", "parasols"}},
       .abilities = can_be_held | held_by_foot | held_behind, .aspect = 1.0, .height = 1.05, .natural = {red, blue},
       .at_home = {beach, city}, .held_out = {orange, space, pixel_art}, .draw = draw_umbrella},
      {.name = "ball", .nouns = {{"ball", "balls"}}, .abilities = small_thing | can_carry, .aspect = 1.0,
       .height = 0.8, .natural = {red, blue}, .at_home = {beach, park, room},
       .held_out = {white, room, impressionist}, .draw = draw_ball, .surface = 0.96},
      {.name = "table", .nouns = {{"table", "tables"}}, .abilities = can_carry, .aspect = 1.3, .height = 0.85,
       .natural = {brown}, .at_home = {room}, .held_out = {blue, sea, watercolour}, .draw = draw_table,
       .surface = 0.86},
      {.name = "vase", .nouns = {{"vase", "vases"}}, .abilities = can_be_on_top, .aspect = 0.65, .height = 0.95,
       .natural = {blue, white}, .at_home = {room}, .held_out = {yellow, space, cubist}, .draw = draw_vase},
      {.name = "cup", .nouns = {{"cup", "cups"}, {"mug", "mugs"}}, .abilities = small_thing, .aspect = 1.15,
       .height = 0.75, .natural = {white, red}, .at_home = {room}, .held_out = {black, forest, impressionist},
       .draw = draw_cup},
      {.name = "balloon", .nouns = {{"balloon", "balloons"}}, .place = Place::air,
       .abilities = can_be_held | held_by_foot, .aspect = 0.62, .height = 1.1, .natural = {red, blue, yellow},
       .at_home = {park, city}, .held_out = {grey, sea, outline}, .draw = draw_balloon},
      {.name = "heart", .nouns = {{"heart", "hearts"}}, .place = Place::air, .abilities = can_be_held,
       .aspect = 1.08, .height = 0.85, .natural = {red, pink}, .at_home = {room},
       .held_out = {teal, city, watercolour}, .draw = draw_heart},
      {.name = "sofa", .nouns = {{"sofa", "sofas"}, {"couch", "couches"}}, .abilities = can_carry, .aspect = 1.6,
       .height = 0.85, .natural = {red, green}, .at_home = {room}, .held_out = {white, beach, pencil},
       .draw = draw_sofa, .surface = 0.44},
  };
  // clang-format on
}

}  // namespace easel::storybook
