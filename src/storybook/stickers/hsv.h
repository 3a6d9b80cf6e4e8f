// hsv.h — colours by hue, saturation and value: how a thing is given another colour.
#pragma once

#include <cstdint>

#include "storybook/palette.h"

namespace easel::storybook {

struct Hsv {
  double hue = 0;  // turns: 0 red, 1/3 green, 2/3 blue; any number stands for the turn that it is in
  double saturation = 0;
  double value = 0;
};

Hsv to_hsv(Rgb colour);
Rgb to_rgb(Hsv colour);

// Premultiplied ARGB without its alpha.
Rgb opaque(uint32_t argb);

// How far the colour belongs to what has this hue, 0..1: greys do not, nor what is more than a sixth of a turn away.
double share_of_hue(Hsv colour, double hue);

}  // namespace easel::storybook
