// picture_transform.h — pictures of any size to the values that networks learn from.
#pragma once

#include <cstdint>

#include "datasets/dataset.h"
#include "easel/picture.h"

namespace easel {

// Which part of the resized picture is taken.
struct CropChoice {
  double x = 0.5, y = 0.5;  // share of what is left over that lies left of and above the crop; 0.5: the middle
  bool flip = false;        // mirrored, left to right
};

// Resizes the picture until it just covers `size` and cuts the rest away. Writes [height, width, 3] values in [-1, 1]
// to `values`; transparent parts lie on white, grey becomes RGB. The filter is the cubic convolution of Keys 1981
// (a = -0.5), widened by the scale where it shrinks, so that nothing aliases: what Pillow and torchvision call bicubic
// with antialiasing, in f32 without rounding in between, clamped to the range at the end.
// REQUIRES: a picture of at least 1x1, a size of at least 1x1, room for size.height_px * size.width_px * 3 values.
void crop_to_values(const Picture& picture, PictureSize size, const CropChoice& crop, float* values);

}  // namespace easel
