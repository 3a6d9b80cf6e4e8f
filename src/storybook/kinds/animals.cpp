// The four-legged animals share bodies and poses; their heads and tails tell them apart.
#include <cmath>

#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

const Rgb kNosePink{0.93, 0.45, 0.5};

enum class Species { cat, dog, rabbit, fox, lion, bear };

// What a pose settles before anything is drawn.
struct Animal {
  Species species;
  const Look& look;
  Rgb pale;
  Rgb deep;        // shadow side, ear backs, tail tips
  double wobble;   // -1..1: shapes of this one animal
  double gaze;     // -1..1
  bool patterned;  // stripes, patches
  Rgb iris;
};

void draw_muzzle(Brush& brush, const Animal& animal, double y, double size, Rgb nose) {
  brush.ellipse({0, y}, size * 1.25, size * 0.85, plain(animal.pale));
  brush.curve({{0, y + 0.2 * size}, {0, y - 0.25 * size}}, 0.07, plain(kInk));
  draw_smile(brush, {-0.42 * size, y - 0.38 * size}, 0.4 * size, 0.18 * size, 0.07);
  draw_smile(brush, {0.42 * size, y - 0.38 * size}, 0.4 * size, 0.18 * size, 0.07);
  brush.ellipse({0, y + 0.38 * size}, 0.4 * size, 0.28 * size, plain(nose));
}

void draw_cat_head(Brush& brush, const Animal& animal) {
  const double ear = 0.06 * animal.wobble;
  brush.together([&] {
    for (const double side : {-1.0, 1.0})
      brush.polygon({{side * 0.98, 0.1}, {side * (0.9 + ear), 1.22}, {side * 0.16, 0.7}}, animal.look.colour);
    brush.ellipse({0, 0}, 1.02, 0.86, animal.look.colour);
  });
  for (const double side : {-1.0, 1.0})
    brush.polygon({{side * 0.8, 0.5}, {side * (0.83 + ear), 0.96}, {side * 0.4, 0.72}}, plain({0.96, 0.62, 0.66}));
  if (animal.patterned)
    for (const double x : {-0.26, 0.0, 0.26}) brush.curve({{x, 0.8}, {x * 0.7, 0.5}}, 0.12, plain(animal.deep));
  draw_muzzle(brush, animal, -0.36, 0.36, kNosePink);
  for (const double side : {-1.0, 1.0})
    for (const double slope : {-0.12, 0.06})
      brush.curve({{side * 0.56, -0.34}, {side * 1.15, -0.34 + slope}}, 0.045, plain(animal.deep));
  draw_eyes(brush, {.spread = 0.44, .y = 0.1, .size = 0.27, .iris = animal.iris, .gaze = animal.gaze});
}

void draw_dog_head(Brush& brush, const Animal& animal) {
  brush.ellipse({0, 0.05}, 0.86, 0.9, animal.look.colour);
  if (animal.patterned) brush.ellipse({0.4, 0.25}, 0.36, 0.42, plain(animal.pale));
  for (const double side : {-1.0, 1.0})
    brush.blob({{side * 0.5, 0.86}, {side * 1.02, 0.62}, {side * 1.22, -0.2}, {side * 0.98, -0.52}, {side * 0.8, 0.1}},
               animal.deep);
  brush.ellipse({0, -0.4}, 0.56, 0.46, plain(animal.pale));
  brush.ellipse({0, -0.74}, 0.17, 0.24, plain({0.95, 0.42, 0.48}));
  draw_smile(brush, {0, -0.62}, 0.34, 0.12, 0.08);
  brush.ellipse({0, -0.16}, 0.25, 0.18, plain(kInk));
  brush.ellipse({-0.07, -0.11}, 0.07, 0.045, plain(kWhite));
  draw_eyes(brush, {.spread = 0.38, .y = 0.26, .size = 0.23, .iris = {0.32, 0.2, 0.12}, .gaze = animal.gaze});
}

void draw_rabbit_head(Brush& brush, const Animal& animal) {
  const double lean = 0.16 + 0.1 * animal.wobble;
  brush.together([&] {
    for (const double side : {-1.0, 1.0})
      brush.ellipse({side * (0.38 + lean * 0.5), 1.3}, 0.27, 0.86, animal.look.colour, -side * lean);
    brush.ellipse({0, 0}, 0.95, 0.84, animal.look.colour);
  });
  for (const double side : {-1.0, 1.0})
    brush.ellipse({side * (0.38 + lean * 0.5), 1.32}, 0.13, 0.62, plain({0.97, 0.66, 0.72}), -side * lean);
  for (const double side : {-1.0, 1.0}) brush.ellipse({side * 0.6, -0.26}, 0.2, 0.13, plain(kBlush, 0.6));
  brush.rectangle({-0.13, -0.68}, {0.13, -0.42}, plain(kWhite), 0.04);
  draw_muzzle(brush, animal, -0.3, 0.3, kNosePink);
  draw_eyes(brush, {.spread = 0.42, .y = 0.12, .size = 0.24, .iris = {0.36, 0.2, 0.2}, .gaze = animal.gaze});
}

void draw_fox_head(Brush& brush, const Animal& animal) {
  brush.together([&] {
    for (const double side : {-1.0, 1.0})
      brush.polygon({{side * 0.98, 0.2}, {side * 0.86, 1.3}, {side * 0.12, 0.62}}, animal.look.colour);
    brush.blob(
        {{0, 0.76}, {0.72, 0.56}, {1.12, -0.12}, {0.5, -0.52}, {0, -1.0}, {-0.5, -0.52}, {-1.12, -0.12}, {-0.72, 0.56}},
        animal.look.colour);
  });
  const Rgb cheek = mix(animal.pale, kWhite, 0.5);
  for (const double side : {-1.0, 1.0}) {
    brush.polygon({{side * 0.91, 0.8}, {side * 0.86, 1.28}, {side * 0.52, 0.96}}, plain(kInk));
    brush.blob({{side * 1.04, -0.14}, {side * 0.52, -0.02}, {side * 0.1, -0.4}, {0, -0.9}, {side * 0.46, -0.5}},
               plain(cheek));
  }
  brush.ellipse({0, -0.82}, 0.2, 0.16, plain(kInk));
  draw_eyes(brush, {.spread = 0.42, .y = 0.14, .size = 0.22, .iris = {0.55, 0.34, 0.1}, .gaze = animal.gaze});
}

void draw_lion_head(Brush& brush, const Animal& animal) {
  constexpr int kLocks = 12;
  brush.together([&] {
    for (int i = 0; i < kLocks; ++i) {
      const double angle = i * 6.283185 / kLocks + 0.1 * animal.wobble;
      brush.circle({0.98 * std::cos(angle), 0.98 * std::sin(angle)}, 0.36, animal.deep);
    }
    brush.circle({0, 0}, 1.0, animal.deep);
  });
  for (const double side : {-1.0, 1.0}) brush.circle({side * 0.62, 0.66}, 0.22, animal.look.colour);
  brush.ellipse({0, -0.02}, 0.8, 0.76, animal.look.colour);
  draw_muzzle(brush, animal, -0.34, 0.36, kInk);
  draw_eyes(brush, {.spread = 0.34, .y = 0.14, .size = 0.21, .iris = {0.5, 0.32, 0.1}, .gaze = animal.gaze});
}

void draw_bear_head(Brush& brush, const Animal& animal) {
  brush.together([&] {
    for (const double side : {-1.0, 1.0}) brush.circle({side * 0.74, 0.7}, 0.36, animal.look.colour);
    brush.ellipse({0, 0}, 1.0, 0.9, animal.look.colour);
  });
  for (const double side : {-1.0, 1.0}) brush.circle({side * 0.74, 0.7}, 0.19, plain(animal.pale));
  draw_muzzle(brush, animal, -0.32, 0.42, kInk);
  draw_eyes(brush, {.spread = 0.36, .y = 0.2, .size = 0.19, .iris = {0.3, 0.18, 0.1}, .gaze = animal.gaze});
}

void draw_head(Brush& brush, const Animal& animal) {
  switch (animal.species) {
    case Species::dog: draw_dog_head(brush, animal); break;
    case Species::rabbit: draw_rabbit_head(brush, animal); break;
    case Species::fox: draw_fox_head(brush, animal); break;
    case Species::lion: draw_lion_head(brush, animal); break;
    case Species::bear: draw_bear_head(brush, animal); break;
    default: draw_cat_head(brush, animal); break;
  }
  draw_headwear(brush, animal.look, {0, 0.68}, animal.species == Species::lion ? 1.5 : 1.25);
}

// From `root`, rising to the right.
void draw_tail(Brush& brush, const Animal& animal, Point root, double length) {
  const Rgb colour = animal.look.colour;
  const double x = root.x, y = root.y, l = length;
  const double sway = 0.12 * animal.wobble * l;
  switch (animal.species) {
    case Species::rabbit:
    case Species::bear:
      brush.circle({x + 0.12 * l, y}, 0.24 * l, animal.species == Species::rabbit ? mix(colour, kWhite, 0.5) : colour);
      break;
    case Species::fox:
      brush.blob({{x, y - 0.1 * l},
                  {x + 0.5 * l, y},
                  {x + 0.85 * l + sway, y + 0.5 * l},
                  {x + 0.7 * l + sway, y + 1.1 * l},
                  {x + 0.35 * l, y + 0.6 * l},
                  {x, y + 0.15 * l}},
                 colour);
      brush.ellipse({x + 0.72 * l + sway, y + 0.9 * l}, 0.11 * l, 0.2 * l, plain(kWhite), -0.2);
      break;
    case Species::lion:
      brush.curve({{x, y}, {x + 0.5 * l, y + 0.1 * l}, {x + 0.65 * l + sway, y + 0.6 * l}}, 0.12 * l, colour);
      brush.ellipse({x + 0.66 * l + sway, y + 0.75 * l}, 0.15 * l, 0.22 * l, animal.deep);
      break;
    case Species::dog:
      brush.curve({{x, y}, {x + 0.35 * l, y + 0.25 * l}, {x + 0.45 * l + sway, y + 0.7 * l}}, 0.2 * l, colour);
      break;
    default:
      brush.curve({{x, y},
                   {x + 0.5 * l, y + 0.02 * l},
                   {x + 0.68 * l + sway, y + 0.55 * l},
                   {x + 0.45 * l + sway, y + 1.0 * l}},
                  0.2 * l, colour);
      break;
  }
}

// How far the ears reach above the head's centre, in head sizes: the head is placed so that they end at y = 1.
double ear_reach(Species species) {
  switch (species) {
    case Species::rabbit: return 2.15;
    case Species::dog: return 0.98;
    case Species::lion: return 1.34;
    case Species::bear: return 1.06;
    default: return 1.25;
  }
}

double head_size(Species species) {
  switch (species) {
    case Species::rabbit: return 0.245;
    case Species::lion: return 0.27;
    case Species::fox: return 0.28;
    default: return 0.3;
  }
}

void draw_sitting(Brush& brush, const Animal& animal) {
  const double size = head_size(animal.species);
  const double head_y = 1 - ear_reach(animal.species) * size;
  const double neck = head_y - 0.62 * size;
  draw_tail(brush, animal, {0.16, 0.1}, 0.36);
  brush.together([&] {
    brush.blob({{0, neck + 0.16},
                {0.2, neck - 0.08},
                {0.29, 0.16},
                {0.22, 0.01},
                {-0.22, 0.01},
                {-0.29, 0.16},
                {-0.2, neck - 0.08}},
               animal.look.colour);
  });
  brush.ellipse({0, neck * 0.5}, 0.13, neck * 0.42, plain(animal.pale));
  for (const double side : {-1.0, 1.0}) {
    brush.curve({{side * 0.1, neck * 0.62}, {side * 0.11, 0.07}}, 0.1, plain(animal.look.colour));
    brush.ellipse({side * 0.12, 0.045}, 0.09, 0.05, animal.look.colour);
  }
  draw_scarf(brush, animal.look, {0, neck + 0.02}, 0.46);
  brush.within({.origin = {0.02 * animal.gaze, head_y}, .scale = size, .angle = 0.1 * animal.wobble},
               [&] { draw_head(brush, animal); });
}

void draw_standing(Brush& brush, const Animal& animal) {
  const double size = head_size(animal.species) * 0.92;
  const double head_y = 0.97 - ear_reach(animal.species) * size;
  const double back = std::min(0.5, head_y - 0.1);
  draw_tail(brush, animal, {0.33, back - 0.06}, 0.3);
  const double step = 0.05 * animal.wobble;
  for (const double x : {-0.2, 0.28})
    brush.curve({{x, 0.26}, {x - step, 0.05}}, 0.11, darken(animal.look.colour, 0.15));
  brush.together([&] {
    brush.ellipse({0.06, (back + 0.16) / 2 + 0.02}, 0.34, (back - 0.12) / 2 + 0.04, animal.look.colour);
    for (const double x : {-0.12, 0.2}) brush.curve({{x, 0.28}, {x + step, 0.05}}, 0.11, animal.look.colour);
  });
  if (animal.patterned)
    for (const double x : {0.04, 0.16, 0.27})
      brush.curve({{x, back - 0.01}, {x + 0.01, back - 0.12}}, 0.05, plain(animal.deep));
  brush.within({.origin = {-0.17, head_y}, .scale = size, .angle = 0.12 * animal.wobble},
               [&] { draw_head(brush, animal); });
  draw_scarf(brush, animal.look, {-0.15, head_y - 0.92 * size}, 0.34);
}

template <Species species>
void draw_animal(Brush& brush, const Look& look, RandomNumbers& random) {
  const Rgb irises[] = {{0.35, 0.62, 0.3}, {0.85, 0.62, 0.15}, {0.3, 0.5, 0.75}};
  Animal animal{.species = species,
                .look = look,
                .pale = pale_tone(look.colour),
                .deep = deep_tone(look.colour),
                .wobble = random.between(-1, 1),
                .gaze = random.between(-1, 1),
                .patterned = random.chance(45),
                .iris = irises[random.below(3)]};
  if (random.chance(62)) {
    draw_sitting(brush, animal);
  } else {
    draw_standing(brush, animal);
  }
}

}  // namespace

std::vector<KindRow> animals_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "cat", .nouns = {{"cat", "cats"}, {"kitten", "kittens"}, {"kitty", "kitties"}},
       .abilities = can_wear | can_be_on_top, .aspect = 0.8, .height = 1.0, .natural = {orange, black, white, grey},
       .at_home = {room, park, beach}, .held_out = {green, space, outline}, .draw = draw_animal<Species::cat>},
      {.name = "dog", .nouns = {{"dog", "dogs"}, {"puppy", "puppies"}}, .abilities = can_wear | can_be_on_top,
       .aspect = 0.85, .height = 1.0, .natural = {brown, white, black}, .at_home = {park, room, beach},
       .held_out = {pink, snow, watercolour}, .draw = draw_animal<Species::dog>},
      {.name = "rabbit", .nouns = {{"rabbit", "rabbits"}, {"bunny", "bunnies"}},
       .abilities = can_wear | can_be_on_top | has_long_ears, .aspect = 0.7, .height = 1.0,
       .natural = {white, brown, grey}, .at_home = {park, forest, snow}, .held_out = {yellow, beach, pixel_art},
       .draw = draw_animal<Species::rabbit>},
      {.name = "fox", .nouns = {{"fox", "foxes"}}, .abilities = can_wear | can_be_on_top, .aspect = 0.9,
       .height = 1.0, .natural = {orange, white}, .at_home = {forest, snow, mountains},
       .held_out = {purple, sea, impressionist}, .draw = draw_animal<Species::fox>},
      {.name = "lion", .nouns = {{"lion", "lions"}}, .abilities = can_wear | can_be_on_top, .aspect = 0.95,
       .height = 1.05, .natural = {orange, yellow}, .at_home = {park, mountains}, .held_out = {blue, city, pencil},
       .draw = draw_animal<Species::lion>},
      {.name = "bear", .nouns = {{"bear", "bears"}}, .abilities = can_wear | can_be_on_top | can_hold,
       .aspect = 0.85, .height = 1.05, .natural = {brown, black, white}, .at_home = {forest, mountains, snow},
       .held_out = {red, room, cubist}, .draw = draw_animal<Species::bear>, .hand = {0.3, 0.3}},
  };
  // clang-format on
}

}  // namespace easel::storybook
