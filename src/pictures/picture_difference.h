// picture_difference.h — how far two pictures are apart.
#pragma once

#include "easel/picture.h"

namespace easel {

struct PictureDifference {
  double psnr_db;      // 10 log10(255^2 / mean squared difference); infinity where they are equal
  int most;            // the largest difference of a value, 0..255
  double equal_share;  // of the pixels
};

// Over red, green and blue, transparent parts on white. Throws InvalidArgument where the sizes differ.
PictureDifference picture_difference(const Picture& a, const Picture& b);

}  // namespace easel
