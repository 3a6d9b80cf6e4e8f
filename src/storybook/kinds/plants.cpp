// Plants: tree, palm, flower, mushroom.
#include <cmath>

#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

const Rgb kBark{0.47, 0.31, 0.19};

void draw_round_crown(Brush& brush, Rgb colour, double spread) {
  brush.together([&] {
    brush.circle({-0.22 * spread, 0.54}, 0.2, colour);
    brush.circle({0.22 * spread, 0.54}, 0.2, colour);
    brush.circle({-0.14 * spread, 0.76}, 0.2, colour);
    brush.circle({0.15 * spread, 0.74}, 0.2, colour);
    brush.circle({0, 0.82}, 0.18, colour);
    brush.circle({0, 0.6}, 0.24, colour);
  });
  const Rgb shade = deep_tone(colour);
  for (const Point tuft : {Point{-0.2, 0.52}, {0.14, 0.48}, {0.2, 0.7}, {-0.06, 0.68}})
    brush.curve({{tuft.x - 0.07, tuft.y + 0.02}, {tuft.x, tuft.y - 0.03}, {tuft.x + 0.07, tuft.y + 0.02}}, 0.026,
                plain(shade));
}

void draw_fir_crown(Brush& brush, Rgb colour) {
  for (const double foot : {0.22, 0.42, 0.62}) {
    const double half = 0.42 - (foot - 0.22) * 0.4;
    brush.blob({{0, foot + 0.38},
                {half * 0.45, foot + 0.16},
                {half, foot},
                {half * 0.4, foot - 0.02},
                {0, foot - 0.03},
                {-half * 0.4, foot - 0.02},
                {-half, foot},
                {-half * 0.45, foot + 0.16}},
               colour);
  }
}

void draw_tree(Brush& brush, const Look& look, RandomNumbers& random) {
  const double lean = random.between(-0.03, 0.03);
  const bool fir = random.chance(30);
  const double spread = random.between(0.85, 1.1);
  brush.polygon({{-0.1, 0}, {-0.055 + lean, 0.5}, {0.055 + lean, 0.5}, {0.1, 0}}, kBark);
  if (fir) {
    draw_fir_crown(brush, look.colour);
    return;
  }
  draw_round_crown(brush, look.colour, spread);
}

void draw_palm(Brush& brush, const Look& look, RandomNumbers& random) {
  const double lean = random.between(-0.14, 0.14);
  const Point top{lean, 0.7};
  const Rgb deep = deep_tone(look.colour);
  brush.curve({{-lean, 0.03}, {-lean * 0.5, 0.35}, top}, 0.085, Rgb{0.62, 0.45, 0.27});
  for (const double y : {0.15, 0.3, 0.45, 0.58})
    brush.curve({{-lean * (1 - 1.6 * y) - 0.035, y}, {-lean * (1 - 1.6 * y) + 0.035, y}}, 0.018,
                plain({0.47, 0.33, 0.19}));
  for (const bool front : {false, true})
    for (const double side : {-1.0, 1.0}) {
      const double x = side * (front ? 0.42 : 0.3), droop = front ? -0.16 : 0.1;
      brush.blob({top,
                  {top.x + x * 0.5, top.y + 0.2 + droop * 0.6},
                  {top.x + x, top.y + droop},
                  {top.x + x * 0.6, top.y + 0.06 + droop * 0.6}},
                 front ? look.colour : deep);
    }
  brush.blob({{top.x, top.y}, {top.x - 0.09, top.y + 0.17}, {top.x + 0.02, top.y + 0.3}, {top.x + 0.1, top.y + 0.15}},
             look.colour);
  for (const double x : {-0.05, 0.05}) brush.circle({top.x + x, top.y - 0.05}, 0.05, Rgb{0.45, 0.28, 0.16});
}

void draw_flower(Brush& brush, const Look& look, RandomNumbers& random) {
  const double lean = random.between(-0.06, 0.06);
  const int petals = 5 + random.below(3);
  const double turn = random.between(0, 1);
  const bool tulip = random.chance(25);
  const Point heart{lean, 0.71};
  brush.curve({{-lean, 0}, {0, 0.3}, heart}, 0.05, kLeaf);
  brush.blob({{-lean * 0.5, 0.1}, {0.12, 0.3}, {0.27, 0.34}, {0.16, 0.14}}, kLeaf);
  brush.blob({{-lean * 0.5, 0.08}, {-0.12, 0.24}, {-0.25, 0.27}, {-0.14, 0.1}}, kLeaf);
  if (tulip) {
    brush.blob({{lean, 0.48},
                {lean + 0.24, 0.6},
                {lean + 0.25, 0.98},
                {lean + 0.12, 0.84},
                {lean, 1.0},
                {lean - 0.12, 0.84},
                {lean - 0.25, 0.98},
                {lean - 0.24, 0.6}},
               look.colour);
    brush.curve({{lean - 0.02, 0.56}, {lean - 0.05, 0.82}}, 0.025, plain(mix(look.colour, kInk, 0.25)));
    return;
  }
  for (int i = 0; i < petals; ++i) {
    const double angle = (i + turn) * 6.283185 / petals;
    brush.ellipse({heart.x + 0.17 * std::cos(angle), heart.y + 0.17 * std::sin(angle)}, 0.125, 0.105, look.colour,
                  angle);
  }
  const bool pale =
      look.colour.r > 0.9 && look.colour.g > 0.75 && look.colour.b < 0.5;  // yellow petals need another heart
  brush.circle(heart, 0.095, pale ? Rgb{0.9, 0.5, 0.12} : Rgb{1.0, 0.85, 0.25});
}

void draw_mushroom(Brush& brush, const Look& look, RandomNumbers& random) {
  const double dome = random.between(0.94, 1.0);
  const double stem = random.between(0.13, 0.17);
  const Rgb dot = luma(look.colour) > 0.85 ? Rgb{0.84, 0.78, 0.7} : Rgb{0.99, 0.97, 0.92};
  brush.blob({{-stem, 0.5},
              {-stem * 0.9, 0.2},
              {-stem * 1.4, 0.03},
              {0, -0.0},
              {stem * 1.4, 0.03},
              {stem * 0.9, 0.2},
              {stem, 0.5}},
             Rgb{0.95, 0.9, 0.79});
  brush.blob({{-0.47, 0.46},
              {-0.4, 0.72},
              {-0.2, dome - 0.07},
              {0, dome},
              {0.2, dome - 0.07},
              {0.4, 0.72},
              {0.47, 0.46},
              {0.24, 0.4},
              {0, 0.385},
              {-0.24, 0.4}},
             look.colour);
  for (const Point spot : {Point{-0.25, 0.63}, {0.05, 0.8}, {0.27, 0.6}, {0.02, 0.52}})
    brush.ellipse({spot.x, spot.y}, 0.075, 0.06, plain(dot));
}

}  // namespace

std::vector<KindRow> plants_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "tree", .nouns = {{"tree", "trees"}}, .abilities = grows, .aspect = 0.85, .height = 1.3,
       .natural = {green}, .at_home = {park, forest, mountains}, .held_out = {white, room, pencil},
       .draw = draw_tree},
      {.name = "palm", .nouns = {{"palm tree", "palm trees"}, {"palm", "palms"}}, .abilities = grows, .aspect = 0.9,
       .height = 1.35, .natural = {green}, .at_home = {beach, sea}, .held_out = {black, city, cubist},
       .draw = draw_palm},
      {.name = "flower", .nouns = {{"flower", "flowers"}}, .abilities = can_be_held | grows | held_by_foot,
       .aspect = 0.6, .height = 0.95, .natural = {red, yellow, pink}, .at_home = {park, forest},
       .held_out = {green, snow, outline}, .draw = draw_flower},
      {.name = "mushroom", .nouns = {{"mushroom", "mushrooms"}, {"toadstool", "toadstools"}}, .abilities = can_carry,
       .aspect = 0.95, .height = 0.85, .natural = {red, brown}, .at_home = {forest, park},
       .held_out = {black, beach, cubist}, .draw = draw_mushroom, .surface = 0.95},
  };
  // clang-format on
}

}  // namespace easel::storybook
