// Styles that rebuild the picture from pieces: impressionist strokes, pixel art, cubist facets.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "storybook/styles/styles.h"

namespace easel::storybook {
namespace {

struct Stroke {
  double x, y, angle, half_length, half_width;
  Rgb colour;
};

// A capsule with a soft edge of one pixel and a fine ridge of paint along it.
void lay(Raster& raster, const Stroke& stroke) {
  const double c = std::cos(stroke.angle), s = std::sin(stroke.angle);
  const double reach_x = std::abs(c) * stroke.half_length + stroke.half_width + 1;
  const double reach_y = std::abs(s) * stroke.half_length + stroke.half_width + 1;
  const int x0 = std::max(0, static_cast<int>(stroke.x - reach_x)),
            x1 = std::min(raster.width_px - 1, static_cast<int>(stroke.x + reach_x));
  const int y0 = std::max(0, static_cast<int>(stroke.y - reach_y)),
            y1 = std::min(raster.height_px - 1, static_cast<int>(stroke.y + reach_y));
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x) {
      const double along = (x - stroke.x) * c + (y - stroke.y) * s;
      const double across = (y - stroke.y) * c - (x - stroke.x) * s;
      const double past = std::max(0.0, std::abs(along) - stroke.half_length);
      const double alpha = std::clamp(stroke.half_width - std::hypot(past, across) + 0.5, 0.0, 1.0);
      if (alpha <= 0) continue;
      const double ridge = 0.05 * across / stroke.half_width;  // lit from above
      raster.at(x, y) =
          mix(raster.at(x, y), ridge < 0 ? lighten(stroke.colour, -ridge) : darken(stroke.colour, ridge), alpha * 0.95);
    }
}

double wave_angle(const SmoothNoise& field, double x, double y) { return 0.9 * field.at(x, y); }

// Along the edge where there is one, else along a slowly turning field.
double stroke_angle(const Raster& soft, const SmoothNoise& field, int x, int y, int reach) {
  const double gx = luma(soft.clamped(x + reach, y)) - luma(soft.clamped(x - reach, y));
  const double gy = luma(soft.clamped(x, y + reach)) - luma(soft.clamped(x, y - reach));
  if (std::hypot(gx, gy) < 0.09) return wave_angle(field, x, y);
  return std::atan2(gy, gx) + std::numbers::pi / 2;
}

Rgb rounded(Rgb colour, double levels) {
  const auto step = [&](double value) { return std::round(std::clamp(value, 0.0, 1.0) * levels) / levels; };
  return {step(colour.r), step(colour.g), step(colour.b)};
}

struct Facet {
  double x, y;              // its seed
  double shift_x, shift_y;  // where it looks instead
  double shade;             // -1..1
  double slope_x, slope_y;  // of the light across it
};

}  // namespace

Raster impressionist(const Layers& layers, RandomNumbers& random) {
  const double unit = layers.unit_px;
  const double spacing = unit / 34;
  const int reach = std::max(1, static_cast<int>(unit / 64));
  const SmoothNoise field(layers.picture, unit / 3, random);
  const Raster soft = blurred(layers.picture, reach);
  Raster result = soft;
  for (const bool subject : {false, true})  // the subjects' strokes lie over those of the backdrop, and are finer
    for (double v = 0; v < result.height_px; v += spacing)
      for (double u = 0; u < result.width_px; u += spacing) {
        const double x = u + random.between(0, spacing), y = v + random.between(0, spacing);
        const double light = random.between(-0.13, 0.13);
        const int px = static_cast<int>(x), py = static_cast<int>(y);
        if ((layers.covered(px, py) > 0.5) != subject) continue;
        Rgb colour = layers.picture.clamped(px, py);
        colour = light > 0 ? lighten(colour, light) : darken(colour, -light);
        const double size = subject ? 0.66 : 1.0;
        lay(result,
            {x, y, stroke_angle(soft, field, px, py, reach), size * 0.032 * unit, size * 0.0165 * unit, colour});
      }
  return result;
}

Raster pixel_art(const Layers& layers) {
  constexpr int kCells = 32;
  constexpr double kLevels = 9;
  const int cell = std::max(1, static_cast<int>(std::lround(layers.unit_px / kCells)));
  Raster result = layers.picture;
  for (int top = 0; top < result.height_px; top += cell)
    for (int left = 0; left < result.width_px; left += cell) {
      const int bottom = std::min(top + cell, result.height_px), right = std::min(left + cell, result.width_px);
      Rgb sums[2]{};
      double weights[2]{};
      for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) {
          const int subject = layers.covered(x, y) > 0.5f;
          const Rgb colour = layers.picture.at(x, y);
          sums[subject] = {sums[subject].r + colour.r, sums[subject].g + colour.g, sums[subject].b + colour.b};
          weights[subject] += 1;
        }
      const int side = weights[1] >= weights[0];  // a cell shows either a subject or the backdrop, never their mixture
      const Rgb mean{sums[side].r / weights[side], sums[side].g / weights[side], sums[side].b / weights[side]};
      for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) result.at(x, y) = rounded(mean, kLevels);
    }
  return result;
}

Raster cubist(const Layers& layers, RandomNumbers& random) {
  constexpr int kAcross = 5;  // facets over the unit square's side
  const double unit = layers.unit_px, size = unit / kAcross;
  std::vector<Facet> facets;
  for (double y = 0; y < layers.picture.height_px; y += size)
    for (double x = 0; x < layers.picture.width_px; x += size)
      facets.push_back({x + random.between(0, size), y + random.between(0, size), random.between(-0.035, 0.035) * unit,
                        random.between(-0.035, 0.035) * unit, random.between(-1, 1), random.between(-1, 1),
                        random.between(-1, 1)});
  Raster result = layers.picture;
  for (int y = 0; y < result.height_px; ++y)
    for (int x = 0; x < result.width_px; ++x) {
      double nearest = 1e18, second = 1e18;
      const Facet* facet = nullptr;
      for (const Facet& candidate : facets) {
        // the maximum of two slanted distances gives facets with long straight edges
        const double dx = x - candidate.x, dy = y - candidate.y;
        const double away = std::max(std::abs(dx + 0.4 * dy), std::abs(dy - 0.5 * dx));
        if (away < nearest) {
          second = nearest;
          nearest = away;
          facet = &candidate;
        } else if (away < second) {
          second = away;
        }
      }
      const Rgb colour = layers.picture.sample(x + facet->shift_x, y + facet->shift_y);
      const double slope = (facet->slope_x * (x - facet->x) + facet->slope_y * (y - facet->y)) / size;
      const double shade = 0.09 * facet->shade + 0.09 * slope;
      const Rgb lit = shade > 0 ? lighten(colour, shade) : darken(colour, -shade);
      const double seam = std::clamp(1.2 - (second - nearest) / (0.009 * unit), 0.0, 1.0);
      result.at(x, y) = mix(lit, kInk, 0.5 * seam);
    }
  return result;
}

}  // namespace easel::storybook
