// layers.h — a drawn scene before its style: what a style changes into strokes, washes or facets.
#pragma once

#include <cstdint>
#include <vector>

#include "storybook/palette.h"
#include "storybook/random_numbers.h"

namespace easel::storybook {

// Rows from the top; sRGB 0..1.
struct Raster {
  int width_px = 0;
  int height_px = 0;
  std::vector<Rgb> pixels;

  Rgb& at(int x, int y) {
    return pixels[static_cast<size_t>(y) * static_cast<size_t>(width_px) + static_cast<size_t>(x)];
  }
  const Rgb& at(int x, int y) const {
    return pixels[static_cast<size_t>(y) * static_cast<size_t>(width_px) + static_cast<size_t>(x)];
  }
  Rgb clamped(int x, int y) const;       // the nearest pixel of the raster
  Rgb sample(double x, double y) const;  // bilinear between pixel centres
};

struct Layers {
  Raster picture;               // backdrop and subjects together, drawn flat
  std::vector<float> coverage;  // of the subjects, 0..1 per pixel
  double unit_px = 128;         // side of the unit square

  float covered(int x, int y) const;  // clamped as Raster::clamped
};

// Value noise in -1..1 over the pixels of a raster, smooth within cells of `cell_px`.
class SmoothNoise {
 public:
  SmoothNoise(const Raster& extent, double cell_px, RandomNumbers& random);
  double at(double x, double y) const;  // clamped to the extent

 private:
  double cell_px_;
  int columns_, rows_;
  std::vector<double> corners_;  // rows_ * columns_
};

Raster blurred(const Raster& raster, int radius_px);  // box, both ways

}  // namespace easel::storybook
