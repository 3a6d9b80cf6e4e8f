// Fruit: lemon, apple, orange, pear.
#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

void draw_leaf(Brush& brush, Point stem, double size, double angle) {
  brush.within({.origin = stem, .scale = size, .angle = angle}, [&] {
    brush.blob({{0, 0}, {0.45, 0.26}, {1, 0.05}, {0.5, -0.16}}, kLeaf);
    brush.curve({{0.1, 0.02}, {0.8, 0.05}}, 0.05, plain(darken(kLeaf, 0.25)));
  });
}

void draw_gloss(Brush& brush, Point centre, double size) {
  brush.ellipse(centre, 0.6 * size, size, plain(kWhite, 0.5), -0.5);
}

void draw_apple(Brush& brush, const Look& look, RandomNumbers& random) {
  const double lean = random.between(-0.06, 0.06);
  const double wide = random.between(0.42, 0.47);
  brush.blob({{0.0, 0.76},
              {0.2, 0.84},
              {wide, 0.66},
              {wide - 0.02, 0.34},
              {0.22, 0.03},
              {0.0, 0.07},
              {-0.22, 0.03},
              {-wide + 0.02, 0.34},
              {-wide, 0.66},
              {-0.2, 0.84}},
             look.colour);
  brush.curve({{0, 0.74}, {lean, 0.88}, {lean * 2, 0.97}}, 0.055, kWood);
  draw_leaf(brush, {lean, 0.84}, 0.34, random.between(0.1, 0.5));
  draw_gloss(brush, {-0.22, 0.58}, 0.12);
}

void draw_orange(Brush& brush, const Look& look, RandomNumbers& random) {
  const double lean = random.between(-0.06, 0.06);
  random.between(0.42, 0.47);  // an apple's width: without it, seeds would draw other oranges than they did
  brush.circle({0, 0.45}, 0.45, look.colour);
  const Rgb pore = darken(look.colour, 0.16);
  for (const Point dot : {Point{0.12, 0.3}, {-0.18, 0.2}, {0.24, 0.52}, {-0.02, 0.12}, {0.02, 0.5}, {-0.3, 0.38}})
    brush.circle(dot, 0.022, plain(pore));
  brush.ellipse({lean, 0.86}, 0.07, 0.035, plain(kWood));
  draw_leaf(brush, {lean, 0.86}, 0.36, random.between(0.0, 0.45));
  draw_gloss(brush, {-0.2, 0.64}, 0.11);
}

void draw_lemon(Brush& brush, const Look& look, RandomNumbers& random) {
  const double tilt = random.between(-0.3, 0.3);
  const double plump = random.between(0.37, 0.42);
  brush.within({.origin = {0, 0.45}, .angle = tilt}, [&] {
    brush.blob({{-0.62, 0.03},
                {-0.52, 0.13},
                {-0.3, plump * 0.87},
                {0.05, plump},
                {0.36, plump * 0.78},
                {0.53, 0.12},
                {0.64, 0.0},
                {0.53, -0.14},
                {0.34, -plump * 0.8},
                {0, -plump},
                {-0.34, -plump * 0.82},
                {-0.53, -0.1}},
               look.colour);
    brush.ellipse({-0.1, 0.2}, 0.16, 0.075, plain(kWhite, 0.5), 0.3);
    for (const Point dot : {Point{0.2, -0.12}, {-0.15, -0.2}, {0.32, 0.05}, {0.02, -0.04}, {-0.36, -0.06}})
      brush.circle(dot, 0.02, plain(darken(look.colour, 0.18)));
  });
  if (random.chance(55))
    brush.within({.origin = {0, 0.45}, .angle = tilt}, [&] {
      draw_leaf(brush, {-0.6, 0.04}, 0.34, random.between(0.6, 1.1));
    });
}

void draw_pear(Brush& brush, const Look& look, RandomNumbers& random) {
  const double lean = random.between(-0.05, 0.05);
  brush.blob({{lean, 0.86},
              {0.15 + lean, 0.76},
              {0.2, 0.56},
              {0.38, 0.3},
              {0.26, 0.04},
              {0, 0.0},
              {-0.26, 0.04},
              {-0.38, 0.3},
              {-0.2, 0.56},
              {-0.15 + lean, 0.76}},
             look.colour);
  brush.curve({{lean, 0.84}, {lean * 2, 0.98}}, 0.05, kWood);
  draw_leaf(brush, {lean * 1.5, 0.9}, 0.3, random.between(-0.1, 0.4));
  draw_gloss(brush, {-0.16, 0.36}, 0.11);
}

}  // namespace

std::vector<KindRow> fruit_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "lemon", .nouns = {{"lemon", "lemons"}}, .abilities = small_thing, .aspect = 1.25, .height = 0.75,
       .natural = {yellow}, .at_home = {room, park}, .held_out = {blue, snow, cubist}, .draw = draw_lemon},
      {.name = "apple", .nouns = {{"apple", "apples"}}, .abilities = small_thing, .aspect = 1.0, .height = 0.8,
       .natural = {red, green}, .at_home = {room, park}, .held_out = {purple, space, pencil}, .draw = draw_apple},
      {.name = "orange", .nouns = {{"orange", "oranges"}, {"orange fruit", "orange fruits"}},
       .abilities = small_thing, .aspect = 1.0, .height = 0.8, .natural = {orange}, .at_home = {room, park},
       .held_out = {teal, beach, outline}, .draw = draw_orange},
      {.name = "pear", .nouns = {{"pear", "pears"}}, .abilities = small_thing, .aspect = 0.8, .height = 0.85,
       .natural = {yellow, green}, .at_home = {room, park}, .held_out = {pink, sea, pixel_art}, .draw = draw_pear},
  };
  // clang-format on
}

}  // namespace easel::storybook
