#include "storybook/styles/layers.h"

#include <algorithm>
#include <cmath>

namespace easel::storybook {
namespace {

// One direction of a box blur with a running sum; `stride` and `count` walk along it.
void blur_line(const Rgb* in, Rgb* out, int count, int stride, int radius) {
  const auto at = [&](int i) { return in[std::clamp(i, 0, count - 1) * stride]; };
  Rgb sum{};
  for (int i = -radius; i <= radius; ++i) sum = {sum.r + at(i).r, sum.g + at(i).g, sum.b + at(i).b};
  const double share = 1.0 / (2 * radius + 1);
  for (int i = 0; i < count; ++i) {
    out[i * stride] = {sum.r * share, sum.g * share, sum.b * share};
    const Rgb add = at(i + radius + 1), drop = at(i - radius);
    sum = {sum.r + add.r - drop.r, sum.g + add.g - drop.g, sum.b + add.b - drop.b};
  }
}

}  // namespace

Rgb Raster::clamped(int x, int y) const { return at(std::clamp(x, 0, width_px - 1), std::clamp(y, 0, height_px - 1)); }

Rgb Raster::sample(double x, double y) const {
  const double left = std::floor(x), top = std::floor(y);
  const int ix = static_cast<int>(left), iy = static_cast<int>(top);
  const Rgb upper = mix(clamped(ix, iy), clamped(ix + 1, iy), x - left);
  const Rgb lower = mix(clamped(ix, iy + 1), clamped(ix + 1, iy + 1), x - left);
  return mix(upper, lower, y - top);
}

float Layers::covered(int x, int y) const {
  const int cx = std::clamp(x, 0, picture.width_px - 1), cy = std::clamp(y, 0, picture.height_px - 1);
  return coverage[static_cast<size_t>(cy) * static_cast<size_t>(picture.width_px) + static_cast<size_t>(cx)];
}

double SmoothNoise::corner(int64_t x, int64_t y) const {
  RandomNumbers random(seed_ + static_cast<uint64_t>(x) * 0x9e3779b97f4a7c15u, static_cast<uint64_t>(y));
  return random.between(-1, 1);
}

double SmoothNoise::at(double x, double y) const {
  const double u = x / cell_px_, v = y / cell_px_;
  const double left = std::floor(u), top = std::floor(v);
  const auto ease = [](double t) { return t * t * (3 - 2 * t); };
  const double fx = ease(u - left), fy = ease(v - top);
  const int64_t ix = static_cast<int64_t>(left), iy = static_cast<int64_t>(top);
  const double upper = corner(ix, iy) * (1 - fx) + corner(ix + 1, iy) * fx;
  const double lower = corner(ix, iy + 1) * (1 - fx) + corner(ix + 1, iy + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

Raster blurred(const Raster& raster, int radius_px) {
  Raster across = raster, result = raster;
  const int width = raster.width_px, height = raster.height_px;
  for (int y = 0; y < height; ++y)
    blur_line(&raster.pixels[static_cast<size_t>(y) * static_cast<size_t>(width)], &across.at(0, y), width, 1,
              radius_px);
  for (int x = 0; x < width; ++x)
    blur_line(&across.pixels[static_cast<size_t>(x)], &result.at(x, 0), height, width, radius_px);
  return result;
}

}  // namespace easel::storybook
