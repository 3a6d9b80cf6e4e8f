#include "pipelines/latent_picture.h"

#include <algorithm>
#include <cmath>

#include "ops/ops.h"

namespace easel {
namespace {

uint8_t quantised(float value) {
  return static_cast<uint8_t>(std::lround(255.0f * std::clamp(value / 2 + 0.5f, 0.0f, 1.0f)));
}

// Means of 2 x 2 latents. x: [N, H, W, C]. Returns [N, H / 2, W / 2, C].
Tensor halved(const Tensor& x) {
  const int64_t height = x.dim(1) / 2, width = x.dim(2) / 2, channels = x.dim(3);
  Tensor half = Tensor::zeros({x.dim(0), height, width, channels});
  for (int64_t n = 0; n < x.dim(0); ++n)
    for (int64_t row = 0; row < 2 * height; ++row)
      for (int64_t column = 0; column < 2 * width; ++column)
        for (int64_t c = 0; c < channels; ++c)
          half.f32()[((n * height + row / 2) * width + column / 2) * channels + c] +=
              x.f32()[((n * x.dim(1) + row) * x.dim(2) + column) * channels + c] / 4;
  return half;
}

constexpr int64_t kSmallLatents = 16;  // below this side, halving leaves too little to see

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

std::vector<Picture> preview_pictures(const AutoencoderKL& vae, const Tensor& latents, BackendKind backend) {
  const bool small = latents.dim(1) < 2 * kSmallLatents || latents.dim(2) < 2 * kSmallLatents;
  return pictures_from_image(to_host(vae.decode(to_backend(small ? latents : halved(latents), backend))));
}

}  // namespace easel
