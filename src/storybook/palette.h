// palette.h — what the colour words look like, and the mixing of colours.
#pragma once

#include "storybook/scene.h"

namespace easel::storybook {

// sRGB, 0..1.
struct Rgb {
  double r = 0, g = 0, b = 0;
};

// Twelve colours that stay apart from each other in every style and light.
Rgb colour_value(Colour colour);

Rgb mix(Rgb from, Rgb to, double share);  // share 0: from, 1: to
Rgb lighten(Rgb colour, double share);    // towards white
Rgb darken(Rgb colour, double share);     // towards black
double luma(Rgb colour);                  // 0..1, ITU-R BT.601
double distance(Rgb a, Rgb b);            // Euclidean, 0..sqrt(3)

inline constexpr Rgb kWhite{1, 1, 1};
inline constexpr Rgb kInk{0.13, 0.11, 0.16};  // lines of eyes, mouths, outlines
inline constexpr Rgb kBlush{0.96, 0.55, 0.56};
inline constexpr Rgb kWood{0.52, 0.34, 0.2};
inline constexpr Rgb kLeaf{0.27, 0.58, 0.25};
inline constexpr Rgb kGlass{0.76, 0.9, 0.97};
inline constexpr Rgb kGold{1.0, 0.83, 0.32};

}  // namespace easel::storybook
