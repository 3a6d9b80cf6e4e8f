// latent_picture.h — decoder output as pictures.
#pragma once

#include <vector>

#include "easel/picture.h"
#include "models/autoencoder_kl.h"
#include "tensor/tensor.h"

namespace easel {

// image: [N, H, W, 3] on the host, about [-1, 1]. Each value v becomes round(255 * clamp(v / 2 + 0.5, 0, 1)).
std::vector<Picture> pictures_from_image(const Tensor& image);

// Small pictures of unfinished latents [N, H, W, C] on the host: the decoder's, at half the resolution where the
// latents allow it, which costs a quarter.
std::vector<Picture> preview_pictures(const AutoencoderKL& vae, const Tensor& latents, BackendKind backend);

}  // namespace easel
