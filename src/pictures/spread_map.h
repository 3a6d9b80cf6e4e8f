// spread_map.h — how much several pictures of one thing differ from each other, pixel by pixel.
#pragma once

#include <vector>

#include "easel/picture.h"

namespace easel {

struct PixelSpread {
  int width_px = 0, height_px = 0;
  std::vector<float>
      deviations;  // [height, width]: standard deviation over the pictures, the mean of the colours', 0..127.5
  double mean = 0, most = 0;  // over the pixels
  double changing_share = 0;  // of the pixels with a deviation above 0
};

// Throws InvalidArgument where there are fewer than two pictures or their sizes or channels differ.
PixelSpread pixel_spread(const std::vector<Picture>& pictures);

// From black over violet and orange to pale yellow at the largest deviation; black where there is none.
Picture heat_map(const PixelSpread& spread);

}  // namespace easel
