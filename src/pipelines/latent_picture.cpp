#include "pipelines/latent_picture.h"

#include "ops/ops.h"
#include "pictures/picture_tensor.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

// Means of 2 x 2 latents. x: [N, H, W, C]. Returns [N, H / 2, W / 2, C].
Tensor halved(const Tensor& x) {
  const int64_t height = x.dim(1) / 2, width = x.dim(2) / 2, channels = x.dim(3);
  Tensor half = Tensor::zeros({x.dim(0), height, width, channels});
  for (int64_t n = 0; n < x.dim(0); ++n)
    for (int64_t row = 0; row < 2 * height; ++row) {
      throw_if_cancelled();
      for (int64_t column = 0; column < 2 * width; ++column)
        for (int64_t c = 0; c < channels; ++c)
          half.f32()[((n * height + row / 2) * width + column / 2) * channels + c] +=
              x.f32()[((n * x.dim(1) + row) * x.dim(2) + column) * channels + c] / 4;
    }
  return half;
}

constexpr int64_t kSmallLatents = 16;  // below this side, halving leaves too little to see

}  // namespace

std::vector<Picture> preview_pictures(const AutoencoderKL& vae, const Tensor& latents, BackendKind backend) {
  const bool small = latents.dim(1) < 2 * kSmallLatents || latents.dim(2) < 2 * kSmallLatents;
  return pictures_from_image(to_host(vae.decode(to_backend(small ? latents : halved(to_host(latents)), backend))));
}

}  // namespace easel
