#include "pictures/picture_tensor.h"

#include <algorithm>
#include <cmath>

#include "tensor/parallel.h"

namespace easel {
namespace {

uint8_t quantised(float value) {
  return static_cast<uint8_t>(std::lround(255.0f * std::clamp(value / 2 + 0.5f, 0.0f, 1.0f)));
}

// Rows that a picture grows by at once: its pixels are filled with zeros first, for a whole large one too long a time.
constexpr int64_t kBandRows = 512;

void append_rows(const Tensor& image, int64_t n, int64_t begin, int64_t end, Picture& picture) {
  const int64_t row = image.dim(2) * image.dim(3);
  picture.pixels.resize(static_cast<size_t>(end * row));
  parallel_for(end - begin, [&](int64_t y, int) {
    const float* const values = image.f32() + (n * image.dim(1) + begin + y) * row;
    std::transform(values, values + row, picture.pixels.begin() + (begin + y) * row, quantised);
  });
}

}  // namespace

std::vector<Picture> pictures_from_image(const Tensor& image) {
  std::vector<Picture> pictures;
  const int64_t rows = image.dim(1), row = image.dim(2) * image.dim(3);
  for (int64_t n = 0; n < image.dim(0); ++n) {
    Picture picture{.width_px = static_cast<int>(image.dim(2)),
                    .height_px = static_cast<int>(image.dim(1)),
                    .channels = 3,
                    .pixels = {}};
    picture.pixels.reserve(static_cast<size_t>(rows * row));
    for (int64_t y = 0; y < rows; y += kBandRows) append_rows(image, n, y, std::min(rows, y + kBandRows), picture);
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

Tensor image_from_picture(const Picture& picture) {
  Tensor image = Tensor::empty({1, picture.height_px, picture.width_px, 3});
  float* value = image.f32();
  const int channels = picture.channels;
  const int64_t pixels = int64_t{picture.width_px} * picture.height_px;
  for (int64_t i = 0; i < pixels; ++i) {
    const uint8_t* pixel = &picture.pixels[static_cast<size_t>(i * channels)];
    const float alpha = channels == 4 ? pixel[3] / 255.0f : 1.0f;
    for (int c = 0; c < 3; ++c) *value++ = ((pixel[channels >= 3 ? c : 0] - 255.0f) * alpha + 255.0f) / 127.5f - 1.0f;
  }
  return image;
}

}  // namespace easel
