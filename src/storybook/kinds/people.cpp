// People and the robot. A person's colour is that of the clothes.
#include <cmath>

#include "storybook/kinds/face.h"
#include "storybook/kinds/families.h"

namespace easel::storybook {
namespace {

const Rgb kSkins[] = {{0.98, 0.83, 0.71}, {0.93, 0.74, 0.58}, {0.76, 0.55, 0.4}, {0.55, 0.38, 0.27}};
// None of them red, so that red hair is told apart.
const Rgb kHairs[] = {{0.25, 0.16, 0.11}, {0.13, 0.11, 0.12}, {0.9, 0.74, 0.38}, {0.42, 0.27, 0.15}};
const Rgb kRedHair{0.86, 0.27, 0.09};
const Rgb kShoe{0.25, 0.18, 0.17};

enum class Build { woman, man, child };

struct Person {
  Build build;
  Rgb clothes;
  Rgb skin;
  Rgb hair;
  bool long_hair = false;
  bool waving = false;
  double gaze = 0;
};

Person make_person(Build build, Rgb clothes, Accessory accessory, RandomNumbers& random) {
  Person person{.build = build, .clothes = clothes, .skin = kSkins[random.below(4)], .hair = kHairs[random.below(4)]};
  if (accessory == Accessory::red_hair) {
    person.hair = kRedHair;
    person.skin = kSkins[random.below(2)];
  }
  person.long_hair = build == Build::woman || (build == Build::child && random.chance(50));
  person.waving = random.chance(35);
  person.gaze = random.between(-1, 1);
  return person;
}

void draw_hair_behind(Brush& brush, const Person& person) {
  if (person.long_hair)
    brush.blob({{0, 1.18},
                {0.92, 0.92},
                {1.2, 0.0},
                {1.12, -1.25},
                {0.5, -1.42},
                {-0.5, -1.42},
                {-1.12, -1.25},
                {-1.2, 0.0},
                {-0.92, 0.92}},
               person.hair);
}

// Unit: half the head's width.
void draw_head(Brush& brush, const Person& person) {
  for (const double side : {-1.0, 1.0}) brush.circle({side * 0.93, -0.05}, 0.16, person.skin);
  brush.ellipse({0, 0}, 0.92, 0.96, person.skin);
  if (person.long_hair) {
    brush.blob({{0, 1.14},
                {0.82, 0.88},
                {1.06, 0.08},
                {0.86, -0.1},
                {0.66, 0.42},
                {0.1, 0.52},
                {-0.66, 0.36},
                {-0.86, -0.1},
                {-1.06, 0.08},
                {-0.82, 0.88}},
               person.hair);
  } else {
    brush.blob({{0, 1.12},
                {0.76, 0.92},
                {1.02, 0.34},
                {0.84, 0.12},
                {0.6, 0.5},
                {-0.1, 0.44},
                {-0.7, 0.5},
                {-0.84, 0.12},
                {-1.02, 0.34},
                {-0.76, 0.92}},
               person.hair);
  }
  for (const double side : {-1.0, 1.0}) {
    const double x = side * 0.36 + 0.06 * person.gaze;
    brush.ellipse({x, -0.02}, 0.12, 0.17, plain(kInk));
    brush.circle({x - 0.03, 0.05}, 0.045, plain(kWhite));
    brush.ellipse({side * 0.56, -0.33}, 0.18, 0.12, plain(kBlush, 0.6));
  }
  brush.curve({{-0.24, -0.42}, {0, -0.55}, {0.24, -0.42}}, 0.085, plain({0.7, 0.22, 0.22}));
}

// The arm on the left hangs; the one on the right waves, holds something out, or hangs too.
void draw_arms(Brush& brush, const Person& person, bool holding, double shoulder) {
  const auto arm = [&](Point elbow, Point hand, double side) {
    brush.curve({elbow, hand}, 0.06, person.skin);
    brush.curve({{side * 0.09, shoulder}, elbow}, 0.085, person.clothes);
    brush.circle(hand, 0.038, plain(person.skin));
  };
  arm({-0.17, shoulder - 0.14}, {-0.2, shoulder - 0.25}, -1);
  if (holding) {
    arm({0.17, shoulder - 0.11}, {0.27, shoulder - 0.1}, 1);
  } else if (person.waving) {
    arm({0.19, shoulder - 0.02}, {0.25, shoulder + 0.14}, 1);
  } else {
    arm({0.17, shoulder - 0.14}, {0.2, shoulder - 0.25}, 1);
  }
}

void draw_clothes(Brush& brush, const Person& person, double shoulder) {
  const Rgb trousers = deep_tone(person.clothes);
  if (person.build == Build::woman) {
    for (const double x : {-0.06, 0.06}) {
      brush.curve({{x, 0.2}, {x, 0.05}}, 0.06, person.skin);
      brush.ellipse({x * 1.2, 0.025}, 0.06, 0.028, kShoe);
    }
    brush.blob({{0, shoulder + 0.04},
                {0.12, shoulder},
                {0.09, shoulder - 0.18},
                {0.16, 0.3},
                {0.23, 0.16},
                {0, 0.13},
                {-0.23, 0.16},
                {-0.16, 0.3},
                {-0.09, shoulder - 0.18},
                {-0.12, shoulder}},
               person.clothes);
    return;
  }
  for (const double x : {-0.065, 0.065}) {
    brush.curve({{x, 0.3}, {x, 0.07}}, 0.105, trousers);
    brush.ellipse({x * 1.3, 0.03}, 0.075, 0.032, kShoe);
  }
  const double hem = person.build == Build::child ? 0.2 : 0.24;
  brush.blob({{0, shoulder + 0.035},
              {0.12, shoulder},
              {0.155, shoulder - 0.16},
              {0.155, hem},
              {0, hem - 0.01},
              {-0.155, hem},
              {-0.155, shoulder - 0.16},
              {-0.12, shoulder}},
             person.clothes);
  if (person.build == Build::man)
    brush.curve({{0, shoulder}, {0, hem + 0.02}}, 0.015, plain(mix(person.clothes, kInk, 0.45)));
}

void draw_figure(Brush& brush, const Person& person, const Look& look) {
  const double head = person.build == Build::child ? 0.205 : 0.16;
  const double head_y = 1 - 1.2 * head;
  const double shoulder = head_y - 1.28 * head;
  const Brush::Frame head_frame{.origin = {0.008 * person.gaze, head_y}, .scale = head};
  brush.within(head_frame, [&] { draw_hair_behind(brush, person); });
  brush.curve({{0, shoulder + 0.06}, {0, shoulder}}, 0.07, person.skin);
  draw_clothes(brush, person, shoulder);
  draw_arms(brush, person, look.holding, shoulder - 0.02);
  brush.within(head_frame, [&] {
    draw_head(brush, person);
    draw_headwear(brush, look, {0, 0.78}, 1.5);
  });
  draw_scarf(brush, look, {0, shoulder + 0.02}, 0.3);
}

template <Build build>
void draw_person(Brush& brush, const Look& look, RandomNumbers& random) {
  draw_figure(brush, make_person(build, look.colour, look.accessory, random), look);
}

void draw_couple(Brush& brush, const Look& look, RandomNumbers& random) {
  const double side = random.chance(50) ? 1 : -1;
  Person woman = make_person(Build::woman, look.colour, Accessory::none, random);
  Person man = make_person(Build::man, look.colour, Accessory::none, random);
  woman.waving = man.waving = false;
  brush.within({.origin = {side * 0.19, 0}, .scale = 1.0}, [&] { draw_figure(brush, man, look); });
  brush.within({.origin = {-side * 0.19, 0}, .scale = 0.94}, [&] { draw_figure(brush, woman, look); });
  if (random.chance(60)) {
    brush.within({.origin = {0, 0.9}, .scale = 0.06}, [&] {
      brush.blob({{0, -1.1}, {0.9, 0.1}, {0.55, 0.9}, {0, 0.4}, {-0.55, 0.9}, {-0.9, 0.1}}, plain({0.9, 0.2, 0.3}));
    });
  }
}

void draw_robot(Brush& brush, const Look& look, RandomNumbers& random) {
  const bool antenna = look.accessory == Accessory::none || look.accessory == Accessory::scarf;
  const bool round_head = random.chance(50);
  const double arm = random.between(-0.1, 0.22);
  const Rgb joint{0.45, 0.47, 0.52};
  const Rgb lamp = random.chance(50) ? Rgb{1.0, 0.85, 0.3} : Rgb{0.5, 0.95, 0.9};
  if (antenna) {
    brush.curve({{0, 0.86}, {0, 0.95}}, 0.025, joint);
    brush.circle({0, 0.96}, 0.04, Rgb{0.93, 0.25, 0.22});
  }
  for (const double x : {-0.12, 0.12}) {
    brush.curve({{x, 0.22}, {x, 0.08}}, 0.075, joint);
    brush.rectangle({x - 0.1, 0.0}, {x + 0.1, 0.08}, look.colour, 0.035);
  }
  brush.curve({{-0.24, 0.46}, {-0.34, 0.36}, {-0.33, 0.26}}, 0.075, joint);
  const Point hand = look.holding ? Point{0.36, 0.4} : Point{0.35, 0.34 + arm};
  brush.curve({{0.24, 0.46}, {0.33, 0.38 + arm * 0.4}, hand}, 0.075, joint);
  for (const Point end : {Point{-0.33, 0.25}, hand}) brush.circle(end, 0.055, look.colour);
  brush.rectangle({-0.25, 0.18}, {0.25, 0.53}, look.colour, 0.06);
  brush.rectangle({-0.15, 0.27}, {0.15, 0.46}, lighten(joint, 0.45), 0.03);
  for (const double x : {-0.08, 0.0, 0.08})
    brush.circle({x, 0.405}, 0.026, plain(x == 0 ? Rgb{0.95, 0.3, 0.25} : lamp));
  brush.curve({{-0.09, 0.33}, {0.09, 0.33}}, 0.025, plain(kInk));
  brush.rectangle({-0.23, 0.57}, {0.23, 0.88}, look.colour, round_head ? 0.13 : 0.05);
  for (const double side : {-1.0, 1.0}) {
    brush.rectangle({side * 0.255 - 0.03, 0.67}, {side * 0.255 + 0.03, 0.78}, joint, 0.015);
    brush.circle({side * 0.1, 0.75}, 0.07, Rgb{0.98, 0.98, 0.95});
    brush.circle({side * 0.1, 0.75}, 0.038, plain(kInk));
  }
  brush.rectangle({-0.11, 0.615}, {0.11, 0.665}, plain(kInk), 0.02);
  for (const double x : {-0.055, 0.0, 0.055}) brush.curve({{x, 0.63}, {x, 0.65}}, 0.014, plain(kWhite));
  draw_headwear(brush, look, {0, 0.86}, 0.42);
  draw_scarf(brush, look, {0, 0.53}, 0.4);
}

}  // namespace

std::vector<KindRow> people_kinds() {
  using enum Colour;
  using enum Setting;
  using enum Style;
  // clang-format off
  return {
      {.name = "woman", .nouns = {{"woman", "women"}, {"lady", "ladies"}}, .clothes = {"dress"},
       .abilities = can_wear | has_hair | can_hold | can_be_on_top, .aspect = 0.5, .height = 1.15,
       .natural = {red, blue, green}, .at_home = {park, city, beach}, .held_out = {teal, space, pixel_art},
       .draw = draw_person<Build::woman>, .hand = {0.27, 0.5}},
      {.name = "man", .nouns = {{"man", "men"}}, .clothes = {"jacket", "coat"},
       .abilities = can_wear | has_hair | can_hold | can_be_on_top, .aspect = 0.5, .height = 1.2,
       .natural = {blue, black, green}, .at_home = {city, park, mountains}, .held_out = {orange, forest, outline},
       .draw = draw_person<Build::man>, .hand = {0.27, 0.5}},
      {.name = "couple", .nouns = {{"couple", "couples"}}, .clothes = {"clothes"}, .abilities = is_pair,
       .aspect = 0.85, .height = 1.15, .natural = {blue, red}, .at_home = {beach, park, city},
       .held_out = {purple, mountains, cubist}, .draw = draw_couple},
      {.name = "child", .nouns = {{"child", "children"}, {"kid", "kids"}}, .clothes = {"coat", "jacket"},
       .abilities = can_wear | has_hair | can_hold | can_be_on_top, .aspect = 0.55, .height = 0.95,
       .natural = {yellow, red}, .at_home = {park, snow, beach}, .held_out = {brown, sea, pencil},
       .draw = draw_person<Build::child>, .hand = {0.27, 0.38}},
      {.name = "robot", .nouns = {{"robot", "robots"}}, .abilities = can_wear | can_hold | can_be_on_top,
       .aspect = 0.75, .height = 1.05, .natural = {grey, blue}, .at_home = {space, city, room},
       .held_out = {pink, forest, impressionist}, .draw = draw_robot, .hand = {0.36, 0.4}},
  };
  // clang-format on
}

}  // namespace easel::storybook
