// Vehicles: car, boat, rocket.
#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

const Rgb kTyre{0.17, 0.17, 0.2};
const Rgb kSteel{0.8, 0.82, 0.85};
const Rgb kSail{0.98, 0.96, 0.9};

void draw_wheel(Brush& brush, Point centre, double radius) {
  brush.circle(centre, radius, kTyre);
  brush.circle(centre, radius * 0.48, plain(kSteel));
  brush.circle(centre, radius * 0.16, plain(kTyre));
}

void draw_car(Brush& brush, const Look& look, RandomNumbers& random) {
  const double roof = random.between(0.88, 0.99);
  const double back = random.between(0.38, 0.56);
  brush.together([&] {
    brush.blob({{-0.5, 0.52}, {-0.3, roof - 0.03}, {0.1, roof}, {back - 0.06, roof - 0.08}, {back + 0.16, 0.54}},
               look.colour);
    brush.rectangle({-0.84, 0.17}, {0.84, 0.58}, look.colour, 0.16);
  });
  brush.polygon({{-0.36, 0.57}, {-0.24, roof - 0.12}, {0.0, roof - 0.1}, {0.0, 0.57}}, kGlass);
  brush.polygon({{0.07, 0.57}, {0.07, roof - 0.1}, {back - 0.12, roof - 0.15}, {back, 0.57}}, kGlass);
  brush.curve({{-0.3, 0.62}, {-0.2, roof - 0.2}}, 0.035, plain(kWhite, 0.8));
  brush.curve({{0.04, 0.54}, {0.04, 0.28}}, 0.02, plain(mix(look.colour, kInk, 0.5)));
  brush.curve({{0.12, 0.47}, {0.22, 0.47}}, 0.035, plain(mix(look.colour, kInk, 0.5)));
  brush.ellipse({-0.77, 0.42}, 0.06, 0.075, Rgb{1.0, 0.92, 0.6});
  brush.ellipse({0.8, 0.43}, 0.035, 0.07, plain({0.85, 0.16, 0.14}));
  brush.rectangle({-0.87, 0.17}, {0.87, 0.235}, plain(kSteel), 0.03);
  for (const double x : {-0.48, 0.48}) draw_wheel(brush, {x, 0.18}, 0.18);
}

void draw_boat(Brush& brush, const Look& look, RandomNumbers& random) {
  const double belly = random.between(0.0, 0.05);
  const double mast = random.between(-0.06, 0.06);
  const Rgb sail = luma(look.colour) > 0.85 ? Rgb{0.9, 0.93, 0.97} : kSail;
  brush.curve({{mast, 0.2}, {mast, 0.98}}, 0.035, kWood);
  brush.blob({{mast + 0.04, 0.94},
              {mast + 0.26 + belly, 0.68},
              {mast + 0.46, 0.36},
              {mast + 0.2, 0.35},
              {mast + 0.04, 0.37},
              {mast + 0.03, 0.65}},
             look.colour);
  brush.blob({{mast - 0.04, 0.86},
              {mast - 0.06, 0.6},
              {mast - 0.05, 0.39},
              {mast - 0.24, 0.38},
              {mast - 0.4, 0.38},
              {mast - 0.22, 0.62}},
             sail);
  brush.blob({{-0.6, 0.31}, {0.0, 0.28}, {0.6, 0.33}, {0.42, 0.06}, {0.3, 0.0}, {-0.3, 0.0}, {-0.42, 0.06}},
             look.colour);
  brush.curve({{-0.5, 0.225}, {0.0, 0.2}, {0.5, 0.235}}, 0.035, plain(sail));
  if (random.chance(50)) brush.polygon({{mast, 0.98}, {mast + 0.16, 0.95}, {mast, 0.91}}, plain(look.colour));
}

void draw_rocket(Brush& brush, const Look& look, RandomNumbers& random) {
  const double flame = random.between(0.0, 0.08);
  const double half = random.between(0.16, 0.2);
  const Rgb fin = deep_tone(look.colour);
  brush.blob({{-0.1, 0.24}, {-0.13, 0.12}, {0, 0.0 - flame * 0.2}, {0.13, 0.12}, {0.1, 0.24}}, plain({1.0, 0.6, 0.12}));
  brush.blob({{-0.05, 0.24}, {-0.06, 0.16}, {0, 0.09 - flame}, {0.06, 0.16}, {0.05, 0.24}}, plain({1.0, 0.9, 0.4}));
  for (const double side : {-1.0, 1.0})
    brush.polygon({{side * half * 0.8, 0.46}, {side * 0.33, 0.24}, {side * 0.32, 0.14}, {side * half * 0.6, 0.24}},
                  fin);
  brush.blob({{0, 1.0},
              {half * 0.8, 0.78},
              {half, 0.52},
              {half * 0.66, 0.22},
              {-half * 0.66, 0.22},
              {-half, 0.52},
              {-half * 0.8, 0.78}},
             look.colour);
  brush.blob({{0, 0.995}, {half * 0.56, 0.84}, {0, 0.82}, {-half * 0.56, 0.84}}, plain(fin));
  brush.circle({0, 0.6}, 0.1, Rgb{0.94, 0.94, 0.95});
  brush.circle({0, 0.6}, 0.068, plain({0.5, 0.78, 0.93}));
  brush.ellipse({-0.02, 0.63}, 0.02, 0.015, plain(kWhite));
  brush.rectangle({-0.02, 0.14}, {0.02, 0.4}, fin, 0.02);
}

}  // namespace

std::vector<KindRow> vehicles_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "car", .nouns = {{"car", "cars"}, {"automobile", "automobiles"}}, .abilities = can_carry,
       .aspect = 1.75, .height = 0.75, .natural = {red, blue}, .at_home = {city, park},
       .held_out = {purple, beach, pixel_art}, .draw = draw_car, .surface = 0.93},
      {.name = "boat", .nouns = {{"boat", "boats"}, {"sailboat", "sailboats"}, {"sailing boat", "sailing boats"}},
       .place = Place::water, .abilities = can_carry, .aspect = 1.2, .height = 1.05, .natural = {red, white, blue},
       .at_home = {sea, beach}, .held_out = {pink, park, impressionist}, .draw = draw_boat, .surface = 0.26},
      {.name = "rocket", .nouns = {{"rocket", "rockets"}, {"spaceship", "spaceships"}}, .place = Place::air,
       .aspect = 0.6, .height = 1.25, .natural = {red, white}, .at_home = {space, mountains},
       .held_out = {brown, snow, outline}, .draw = draw_rocket},
  };
  // clang-format on
}

}  // namespace easel::storybook
