#include "storybook/palette.h"

#include <cmath>

namespace easel::storybook {
namespace {

// In the order of Colour.
constexpr Rgb kColours[] = {{0.87, 0.13, 0.15}, {0.98, 0.53, 0.07}, {0.99, 0.85, 0.16}, {0.2, 0.64, 0.23},
                            {0.04, 0.62, 0.62}, {0.17, 0.36, 0.85}, {0.53, 0.23, 0.7},  {0.98, 0.55, 0.73},
                            {0.5, 0.3, 0.15},   {0.13, 0.13, 0.15}, {0.97, 0.97, 0.95}, {0.57, 0.58, 0.6}};

}  // namespace

Rgb colour_value(Colour colour) { return kColours[static_cast<size_t>(colour)]; }

Rgb mix(Rgb from, Rgb to, double share) {
  return {from.r + (to.r - from.r) * share, from.g + (to.g - from.g) * share, from.b + (to.b - from.b) * share};
}

Rgb lighten(Rgb colour, double share) { return mix(colour, kWhite, share); }
Rgb darken(Rgb colour, double share) { return mix(colour, {0, 0, 0}, share); }
double luma(Rgb colour) { return 0.299 * colour.r + 0.587 * colour.g + 0.114 * colour.b; }

double distance(Rgb a, Rgb b) {
  return std::sqrt((a.r - b.r) * (a.r - b.r) + (a.g - b.g) * (a.g - b.g) + (a.b - b.b) * (a.b - b.b));
}

}  // namespace easel::storybook
