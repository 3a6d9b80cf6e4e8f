#include "pictures/picture_tensor.h"

#include <algorithm>
#include <cmath>

namespace easel {
namespace {

uint8_t quantised(float value) {
  return static_cast<uint8_t>(std::lround(255.0f * std::clamp(value / 2 + 0.5f, 0.0f, 1.0f)));
}

}  // namespace

std::vector<Picture> pictures_from_image(const Tensor& image) {
  std::vector<Picture> pictures;
  const int64_t values = image.dim(1) * image.dim(2) * image.dim(3);
  for (int64_t n = 0; n < image.dim(0); ++n) {
    Picture picture{.width_px = static_cast<int>(image.dim(2)),
                    .height_px = static_cast<int>(image.dim(1)),
                    .channels = 3,
                    .pixels = {}};
    picture.pixels.resize(static_cast<size_t>(values));
    std::transform(image.f32() + n * values, image.f32() + (n + 1) * values, picture.pixels.begin(), quantised);
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

}  // namespace easel
