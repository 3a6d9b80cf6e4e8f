// Things in the sky: sun, moon, star, cloud. They have faces now and then.
#include <cmath>
#include <numbers>

#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

constexpr double kPi = std::numbers::pi;

void draw_sleepy_face(Brush& brush, Point middle, double size, Rgb colour) {
  const Rgb line = luma(colour) < 0.3 ? lighten(colour, 0.75) : mix(colour, kInk, 0.75);
  for (const double side : {-1.0, 1.0}) {
    brush.ellipse({middle.x + side * 0.5 * size, middle.y + 0.16 * size}, 0.11 * size, 0.16 * size, plain(line));
    brush.ellipse({middle.x + side * 0.78 * size, middle.y - 0.14 * size}, 0.17 * size, 0.1 * size, plain(kBlush, 0.7));
  }
  brush.curve({{middle.x - 0.26 * size, middle.y - 0.12 * size},
               {middle.x, middle.y - 0.3 * size},
               {middle.x + 0.26 * size, middle.y - 0.12 * size}},
              0.1 * size, plain(line));
}

void draw_sun(Brush& brush, const Look& look, RandomNumbers& random) {
  const int rays = 9 + random.below(5);
  const double turn = random.between(0, 1);
  const bool pointed = random.chance(55);
  const Rgb ray = luma(look.colour) < 0.25 ? lighten(look.colour, 0.2) : mix(look.colour, {1, 0.55, 0.1}, 0.18);
  const Point middle{0, 0.5};
  for (int i = 0; i < rays; ++i) {
    const double angle = (i + turn) * 2 * kPi / rays;
    brush.within({.origin = middle, .angle = angle}, [&] {
      if (pointed) {
        brush.polygon({{0.3, 0.1}, {0.5, 0}, {0.3, -0.1}}, ray);
      } else {
        brush.curve({{0.38, 0}, {0.47, 0}}, 0.06, ray);
      }
    });
  }
  brush.circle(middle, 0.33, look.colour);
  if (random.chance(60)) draw_sleepy_face(brush, {0, 0.5}, 0.24, look.colour);
}

void draw_moon(Brush& brush, const Look& look, RandomNumbers& random) {
  const double tilt = random.between(-0.35, 0.35);
  const double thick = random.between(0.0, 0.09);
  brush.within({.origin = {0.02, 0.5}, .angle = tilt}, [&] {
    brush.blob({{0.2, 0.46},
                {-0.04, 0.47},
                {-0.33, 0.3},
                {-0.43, 0.0},
                {-0.33, -0.3},
                {-0.04, -0.47},
                {0.2, -0.46},
                {0.22, -0.43},
                {0.06 + thick, -0.3},
                {-0.06 + thick, 0.0},
                {0.06 + thick, 0.3},
                {0.22, 0.43}},
               look.colour);
    const Rgb crater = deep_tone(look.colour);
    for (const Point spot : {Point{-0.28, 0.14}, {-0.22, -0.2}, {-0.06, 0.36}}) brush.circle(spot, 0.05, plain(crater));
  });
}

void draw_star(Brush& brush, const Look& look, RandomNumbers& random) {
  const double turn = random.between(-0.2, 0.2);
  const double waist = random.between(0.22, 0.27);
  std::vector<Point> points;
  for (int i = 0; i < 10; ++i) {
    const double angle = kPi / 2 + turn + i * kPi / 5;
    const double radius = i % 2 == 0 ? 0.53 : waist;
    points.push_back({radius * std::cos(angle), 0.48 + radius * std::sin(angle)});
  }
  brush.polygon(points, look.colour);
  if (random.chance(50)) draw_sleepy_face(brush, {0, 0.48}, 0.17, look.colour);
}

void draw_cloud(Brush& brush, const Look& look, RandomNumbers& random) {
  const double a = random.between(0.26, 0.33), b = random.between(0.3, 0.37), side = random.chance(50) ? 1 : -1;
  brush.together([&] {
    brush.circle({-0.48 * side, 0.3}, 0.28, look.colour);
    brush.circle({0.5 * side, 0.28}, 0.26, look.colour);
    brush.circle({-0.17 * side, 0.5}, b + 0.06, look.colour);
    brush.circle({0.24 * side, 0.5}, a, look.colour);
    brush.rectangle({-0.5, 0.02}, {0.5, 0.4}, look.colour);
  });
  if (random.chance(40)) draw_sleepy_face(brush, {0, 0.38}, 0.22, look.colour);
}

}  // namespace

std::vector<KindRow> sky_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "sun", .nouns = {{"sun", "suns"}}, .place = Place::air, .aspect = 1.0, .height = 0.95,
       .natural = {yellow, orange}, .at_home = {beach, mountains, sea}, .held_out = {teal, forest, pencil},
       .draw = draw_sun},
      {.name = "moon", .nouns = {{"moon", "moons"}, {"crescent moon", "crescent moons"}}, .place = Place::air,
       .abilities = can_be_held, .aspect = 0.85, .height = 0.95, .natural = {yellow, white},
       .at_home = {space, mountains, sea}, .held_out = {green, city, pixel_art}, .draw = draw_moon},
      {.name = "star", .nouns = {{"star", "stars"}}, .place = Place::air, .abilities = can_be_held, .aspect = 1.05,
       .height = 0.9, .natural = {yellow}, .at_home = {space, snow}, .held_out = {brown, park, watercolour},
       .draw = draw_star},
      {.name = "cloud", .nouns = {{"cloud", "clouds"}}, .place = Place::air, .aspect = 1.6, .height = 0.75,
       .natural = {white, grey}, .at_home = {mountains, sea, park}, .held_out = {black, mountains, outline},
       .draw = draw_cloud},
  };
  // clang-format on
}

}  // namespace easel::storybook
