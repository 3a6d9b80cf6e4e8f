// painter.h — how each kind is drawn.
//
// A painter draws into a frame that is 1 high: its foot at y = 0, its top at y = 1, x = 0 in the middle, width as
// KindTraits::aspect says. Poses and shapes come from `random`; everything else is in Look.
#pragma once

#include "storybook/brush.h"
#include "storybook/random_numbers.h"

namespace easel::storybook {

struct Look {
  Kind kind = Kind::cat;
  Rgb colour;
  Accessory accessory = Accessory::none;
  Rgb accessory_colour;
  bool holding = false;  // a hand is held out
};

struct Painter {
  void (*draw)(Brush& brush, const Look& look, RandomNumbers& random) = nullptr;
  double surface = 1;  // where something that stands on it has its foot
  Point hand = {};     // where something that it holds is
};

const Painter& painter_of(Kind kind);

void draw_round_fruit(Brush& brush, const Look& look, RandomNumbers& random);  // apple, orange
void draw_lemon(Brush& brush, const Look& look, RandomNumbers& random);
void draw_pear(Brush& brush, const Look& look, RandomNumbers& random);
void draw_animal(Brush& brush, const Look& look, RandomNumbers& random);  // cat, dog, rabbit, fox, lion, bear
void draw_fish(Brush& brush, const Look& look, RandomNumbers& random);
void draw_bird(Brush& brush, const Look& look, RandomNumbers& random);
void draw_butterfly(Brush& brush, const Look& look, RandomNumbers& random);
void draw_person(Brush& brush, const Look& look, RandomNumbers& random);  // woman, man, child
void draw_couple(Brush& brush, const Look& look, RandomNumbers& random);
void draw_robot(Brush& brush, const Look& look, RandomNumbers& random);
void draw_house(Brush& brush, const Look& look, RandomNumbers& random);
void draw_castle(Brush& brush, const Look& look, RandomNumbers& random);
void draw_lighthouse(Brush& brush, const Look& look, RandomNumbers& random);
void draw_car(Brush& brush, const Look& look, RandomNumbers& random);
void draw_boat(Brush& brush, const Look& look, RandomNumbers& random);
void draw_rocket(Brush& brush, const Look& look, RandomNumbers& random);
void draw_tree(Brush& brush, const Look& look, RandomNumbers& random);
void draw_palm(Brush& brush, const Look& look, RandomNumbers& random);
void draw_flower(Brush& brush, const Look& look, RandomNumbers& random);
void draw_mushroom(Brush& brush, const Look& look, RandomNumbers& random);
void draw_sun(Brush& brush, const Look& look, RandomNumbers& random);
void draw_moon(Brush& brush, const Look& look, RandomNumbers& random);
void draw_star(Brush& brush, const Look& look, RandomNumbers& random);
void draw_cloud(Brush& brush, const Look& look, RandomNumbers& random);
void draw_umbrella(Brush& brush, const Look& look, RandomNumbers& random);
void draw_ball(Brush& brush, const Look& look, RandomNumbers& random);
void draw_table(Brush& brush, const Look& look, RandomNumbers& random);
void draw_vase(Brush& brush, const Look& look, RandomNumbers& random);
void draw_cup(Brush& brush, const Look& look, RandomNumbers& random);
void draw_balloon(Brush& brush, const Look& look, RandomNumbers& random);
void draw_heart(Brush& brush, const Look& look, RandomNumbers& random);
void draw_sofa(Brush& brush, const Look& look, RandomNumbers& random);

}  // namespace easel::storybook
