// Styles that lay colour over paper: outline, pencil, watercolour.
#include <algorithm>
#include <cmath>

#include "storybook/styles/styles.h"

namespace easel::storybook {
namespace {

constexpr Rgb kPaper{0.985, 0.975, 0.95};
constexpr Rgb kGraphite{0.25, 0.25, 0.28};

Rgb multiply(Rgb a, Rgb b) { return {a.r * b.r, a.g * b.g, a.b * b.b}; }

// Luma step around a pixel, 0..1.
double edge_strength(const Raster& raster, int x, int y, int reach) {
  const Rgb dx = raster.clamped(x + reach, y), minus_x = raster.clamped(x - reach, y);
  const Rgb dy = raster.clamped(x, y + reach), minus_y = raster.clamped(x, y - reach);
  return std::min(1.0, distance(dx, minus_x) + distance(dy, minus_y));
}

int pixels(double unit_px, double share) { return std::max(1, static_cast<int>(std::lround(unit_px * share))); }

}  // namespace

Raster outline(const Layers& layers) {
  constexpr double kPale = 0.66;  // share of paper over the backdrop
  Raster result = layers.picture;
  for (size_t i = 0; i < result.pixels.size(); ++i) {
    const Rgb colour = result.pixels[i];
    result.pixels[i] = mix(mix(colour, kPaper, luma(colour) < 0.18 ? 0.35 : kPale), colour, layers.coverage[i]);
  }
  return result;
}

Raster ink(const Layers& layers) {
  Raster result = outline(layers);
  for (Rgb& colour : result.pixels) colour = Rgb{luma(colour), luma(colour), luma(colour)};
  return result;
}

Raster pencil(const Layers& layers, RandomNumbers& random) {
  const double period = layers.unit_px / 30;  // of the hatching: 4 px at 128, so that it outlives an 8x latent
  const SmoothNoise wobble(layers.picture, layers.unit_px / 9, random);
  const int reach = pixels(layers.unit_px, 1.0 / 128);
  Raster result = layers.picture;
  for (int y = 0; y < result.height_px; ++y)
    for (int x = 0; x < result.width_px; ++x) {
      const Rgb colour = layers.picture.at(x, y);
      const double cover = layers.covered(x, y);
      const Rgb wash = mix(colour, kPaper, 0.52 - 0.5 * cover);
      const double phase = (x + y + 1.5 * wobble.at(x, y)) / period;
      const double line = 0.5 + 0.5 * std::cos(phase * 6.283185);
      // the backdrop is hatched in graphite, the subjects in a darker pencil of their own colour
      const Rgb lead = mix(kGraphite, darken(colour, 0.45), 0.85 * cover);
      const double tone = (1 - luma(colour)) * (0.3 - 0.06 * cover) + 0.04;
      const double edge = std::max(0.0, edge_strength(layers.picture, x, y, reach) - 0.3);
      const Rgb hatched = mix(mix(wash, kPaper, (1 - line) * (0.22 - 0.12 * cover)), lead, line * tone);
      result.at(x, y) = mix(hatched, kGraphite, edge * 0.7);
    }
  return result;
}

Raster watercolour(const Layers& layers, RandomNumbers& random) {
  const double unit = layers.unit_px;
  const SmoothNoise shift_x(layers.picture, unit / 11, random), shift_y(layers.picture, unit / 11, random);
  const SmoothNoise pigment(layers.picture, unit / 5, random), border(layers.picture, unit / 8, random);
  const Raster soft = blurred(layers.picture, pixels(unit, 0.02));
  Raster result = layers.picture;
  for (int y = 0; y < result.height_px; ++y)
    for (int x = 0; x < result.width_px; ++x) {
      const double sx = x + 0.014 * unit * shift_x.at(x, y), sy = y + 0.014 * unit * shift_y.at(x, y);
      const double cover = layers.covered(static_cast<int>(sx), static_cast<int>(sy));
      const Rgb sharp = layers.picture.sample(sx, sy), bled = soft.sample(sx, sy);
      const double rim = std::clamp(luma(bled) - luma(sharp), 0.0, 0.5);  // pigment gathers at the edge of a wash
      const double density = (0.74 + 0.16 * cover) + 0.16 * pigment.at(x, y) + 0.5 * rim;
      const Rgb wash = mix(mix(sharp, bled, 0.45 - 0.25 * cover), kWhite, 1 - std::clamp(density, 0.0, 1.0));
      const double inside =
          std::min({x, y, result.width_px - 1 - x, result.height_px - 1 - y}) / unit - 0.028 + 0.022 * border.at(x, y);
      result.at(x, y) = mix(kPaper, multiply(wash, kPaper), std::clamp(inside * 60 + 0.5, 0.0, 1.0));
    }
  return result;
}

}  // namespace easel::storybook
