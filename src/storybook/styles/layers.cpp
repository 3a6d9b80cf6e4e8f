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

SmoothNoise::SmoothNoise(const Raster& extent, double cell_px, RandomNumbers& random)
    : cell_px_(cell_px),
      columns_(static_cast<int>(extent.width_px / cell_px) + 2),
      rows_(static_cast<int>(extent.height_px / cell_px) + 2) {
  corners_.resize(static_cast<size_t>(columns_) * static_cast<size_t>(rows_));
  for (double& corner : corners_) corner = random.between(-1, 1);
}

double SmoothNoise::at(double x, double y) const {
  const double u = std::clamp(x / cell_px_, 0.0, columns_ - 1.001), v = std::clamp(y / cell_px_, 0.0, rows_ - 1.001);
  const int ix = static_cast<int>(u), iy = static_cast<int>(v);
  const auto ease = [](double t) { return t * t * (3 - 2 * t); };
  const double fx = ease(u - ix), fy = ease(v - iy);
  const double* upper = &corners_[static_cast<size_t>(iy) * static_cast<size_t>(columns_) + static_cast<size_t>(ix)];
  const double* lower = upper + columns_;
  return (upper[0] * (1 - fx) + upper[1] * fx) * (1 - fy) + (lower[0] * (1 - fx) + lower[1] * fx) * fy;
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
