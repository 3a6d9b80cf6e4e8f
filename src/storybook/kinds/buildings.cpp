// Buildings: house, castle, lighthouse. Their walls have the colour; roofs are a darker or lighter tone of it.
#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

const Rgb kLitWindow{1.0, 0.9, 0.55};

// Dark walls get a slightly lighter roof, all others a darker one; never so far that the colour's name would change.
Rgb roof_tone(Rgb colour) {
  const double light = luma(colour);
  return light < 0.2 ? lighten(colour, 0.16) : darken(colour, light > 0.85 ? 0.13 : 0.24);
}

void draw_window(Brush& brush, Point centre, double size, Rgb pane) {
  brush.rectangle({centre.x - size, centre.y - size}, {centre.x + size, centre.y + size}, pane, 0.01);
  brush.curve({{centre.x, centre.y - size}, {centre.x, centre.y + size}}, 0.022, plain({0.98, 0.96, 0.9}));
  brush.curve({{centre.x - size, centre.y}, {centre.x + size, centre.y}}, 0.022, plain({0.98, 0.96, 0.9}));
}

void draw_door(Brush& brush, double x, double half_width, double height) {
  brush.rectangle({x - half_width, 0.0}, {x + half_width, height - half_width}, kWood);
  brush.sector({x, height - half_width - 0.002}, half_width, 0, 3.14159265, kWood);
  brush.circle({x + half_width * 0.5, height * 0.45}, 0.018, plain(kGold));
}

void draw_flag(Brush& brush, Point foot, double size, Rgb colour) {
  brush.curve({foot, {foot.x, foot.y + size}}, 0.02, plain(kInk));
  brush.polygon({{foot.x, foot.y + size}, {foot.x + 0.85 * size, foot.y + 0.76 * size}, {foot.x, foot.y + 0.52 * size}},
                colour);
}

// A tower with battlements or a pointed roof.
void draw_tower(Brush& brush, double x, double half_width, double height, bool pointed, Rgb wall, Rgb roof) {
  brush.rectangle({x - half_width, 0}, {x + half_width, height}, wall);
  if (pointed) {
    brush.polygon({{x - half_width * 1.3, height}, {x, height + half_width * 2.1}, {x + half_width * 1.3, height}},
                  roof);
    return;
  }
  const double w = half_width * 0.52;
  for (const double offset : {-1.0, 0.0, 1.0}) {
    const double middle = x + offset * (half_width - w * 0.4);
    brush.rectangle({middle - w / 2, height - 0.01}, {middle + w / 2, height + w}, wall);
  }
}

void draw_house(Brush& brush, const Look& look, RandomNumbers& random) {
  const double half = random.between(0.4, 0.47);
  const double eaves = random.between(0.5, 0.58);
  const double door = random.chance(50) ? 0.0 : random.between(-0.2, 0.2);
  const Rgb roof = roof_tone(look.colour);
  const Rgb pane = random.chance(40) ? kLitWindow : kGlass;
  const double chimney = random.chance(50) ? 0.26 : -0.26;
  brush.rectangle({chimney - 0.065, 0.66}, {chimney + 0.065, 0.97}, mix(roof, kWood, 0.5));
  brush.rectangle({-half, 0}, {half, eaves}, look.colour);
  brush.polygon({{-half - 0.1, eaves}, {0, 1.0}, {half + 0.1, eaves}}, roof);
  if (random.chance(50)) {
    brush.circle({0, eaves + 0.17}, 0.075, pane);
  } else {
    for (const double y : {0.14, 0.28})
      brush.curve({{-half - 0.04 + y * 0.85, eaves + y * 0.7}, {half + 0.04 - y * 0.85, eaves + y * 0.7}}, 0.018,
                  plain(darken(roof, 0.2)));
  }
  draw_door(brush, door, 0.085, 0.34);
  for (const double x : {door - 0.25, door + 0.25})
    if (x > -half + 0.1 && x < half - 0.1) draw_window(brush, {x, 0.3}, 0.085, pane);
}

void draw_castle(Brush& brush, const Look& look, RandomNumbers& random) {
  const bool pointed = random.chance(60);
  const double left = random.between(0.62, 0.72), right = random.between(0.56, 0.7);
  const Rgb roof = roof_tone(look.colour);
  const Rgb slit = luma(look.colour) < 0.3 ? kLitWindow : mix(look.colour, kInk, 0.75);
  draw_tower(brush, 0.0, 0.15, 0.7, true, look.colour, roof);
  brush.rectangle({-0.4, 0}, {0.4, 0.44}, look.colour);
  for (const double x : {-0.27, -0.09, 0.09, 0.27}) brush.rectangle({x - 0.05, 0.43}, {x + 0.05, 0.52}, look.colour);
  draw_tower(brush, -0.4, 0.13, left, pointed, look.colour, roof);
  draw_tower(brush, 0.4, 0.13, right, pointed, look.colour, roof);
  draw_door(brush, 0, 0.12, 0.32);
  for (const double x : {-0.4, 0.4}) brush.rectangle({x - 0.03, 0.34}, {x + 0.03, 0.47}, plain(slit), 0.03);
  brush.rectangle({-0.035, 0.57}, {0.035, 0.67}, plain(slit), 0.03);
  for (const double x : {-0.22, 0.22}) brush.rectangle({x - 0.025, 0.24}, {x + 0.025, 0.35}, plain(slit), 0.02);
  if (!pointed) draw_flag(brush, {-0.4, left}, 0.2, roof);
}

void draw_lighthouse(Brush& brush, const Look& look, RandomNumbers& random) {
  const double foot = random.between(0.2, 0.24);
  const Rgb band = luma(look.colour) > 0.8 ? Rgb{0.78, 0.82, 0.88} : Rgb{0.97, 0.96, 0.93};
  const auto half_at = [&](double y) { return foot - (foot - 0.13) * y / 0.72; };
  brush.polygon({{-foot, 0}, {-0.13, 0.72}, {0.13, 0.72}, {foot, 0}}, look.colour);
  for (const double y : {0.18, 0.46})
    brush.polygon({{-half_at(y), y}, {-half_at(y + 0.11), y + 0.11}, {half_at(y + 0.11), y + 0.11}, {half_at(y), y}},
                  plain(band));
  brush.rectangle({-0.11, 0.74}, {0.11, 0.87}, kLitWindow);
  brush.curve({{0, 0.75}, {0, 0.86}}, 0.025, plain(kInk));
  brush.rectangle({-0.18, 0.7}, {0.18, 0.75}, roof_tone(look.colour), 0.01);
  brush.sector({0, 0.865}, 0.135, 0, 3.14159265, look.colour);
  draw_door(brush, 0, 0.06, 0.15);
  brush.rectangle({-0.03, 0.34}, {0.03, 0.42}, plain(kInk), 0.02);
}

}  // namespace

std::vector<KindRow> buildings_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "house", .nouns = {{"house", "houses"}, {"cottage", "cottages"}}, .abilities = can_carry,
       .aspect = 1.1, .height = 1.15, .natural = {red, white, yellow}, .at_home = {park, mountains, snow, forest},
       .held_out = {black, space, cubist}, .draw = draw_house, .surface = 0.95},
      {.name = "castle", .nouns = {{"castle", "castles"}}, .abilities = can_carry, .aspect = 1.1, .height = 1.25,
       .natural = {grey, white, brown}, .at_home = {mountains, park, forest},
       .held_out = {orange, room, watercolour}, .draw = draw_castle, .surface = 0.96},
      {.name = "lighthouse", .nouns = {{"lighthouse", "lighthouses"}}, .aspect = 0.5, .height = 1.35,
       .natural = {red, white}, .at_home = {beach, sea}, .held_out = {green, city, pencil}, .draw = draw_lighthouse},
  };
  // clang-format on
}

}  // namespace easel::storybook
