// latent_picture.h — small pictures of latents.
#pragma once

#include <vector>

#include "easel/picture.h"
#include "models/vae/autoencoder_kl.h"
#include "tensor/tensor.h"

namespace easel {

// Small pictures of unfinished latents [N, H, W, C]: the decoder's, at half the resolution where the
// latents allow it, which costs a quarter.
std::vector<Picture> preview_pictures(const AutoencoderKL& vae, const Tensor& latents, BackendKind backend);

}  // namespace easel
