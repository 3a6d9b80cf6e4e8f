#include "storybook/stickers/hsv.h"

#include <algorithm>
#include <cmath>

namespace easel::storybook {
namespace {

// 0 up to `low`, 1 from `high` on, smooth between them.
double ramp(double x, double low, double high) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

}  // namespace

Hsv to_hsv(Rgb colour) {
  const double most = std::max({colour.r, colour.g, colour.b}), least = std::min({colour.r, colour.g, colour.b});
  const double chroma = most - least;
  Hsv hsv{.saturation = most > 0 ? chroma / most : 0, .value = most};
  if (chroma <= 0) return hsv;
  if (most == colour.r)
    hsv.hue = (colour.g - colour.b) / chroma / 6;
  else if (most == colour.g)
    hsv.hue = (colour.b - colour.r) / chroma / 6 + 1.0 / 3;
  else
    hsv.hue = (colour.r - colour.g) / chroma / 6 + 2.0 / 3;
  return hsv;
}

Rgb to_rgb(Hsv colour) {
  const auto channel = [&](double shift) {
    const double turn = (colour.hue + shift) - std::floor(colour.hue + shift);
    const double distance = std::clamp(std::abs(turn * 6 - 3) - 1, 0.0, 1.0);
    return colour.value * (1 + colour.saturation * (distance - 1));
  };
  return {channel(0), channel(2.0 / 3), channel(1.0 / 3)};
}

Rgb opaque(uint32_t argb) {
  const double alpha = argb >> 24;
  if (alpha == 0) return {};
  return {(argb >> 16 & 255u) / alpha, (argb >> 8 & 255u) / alpha, (argb & 255u) / alpha};
}

double share_of_hue(Hsv colour, double hue) {
  const double away = std::abs(std::remainder(colour.hue - hue, 1.0));
  return ramp(colour.saturation, 0.12, 0.32) * (1 - ramp(away, 0.11, 0.17));
}

}  // namespace easel::storybook
