// latent_source.h — the latents that a denoising network learns from: encoded anew for each batch.
#pragma once

#include "models/autoencoder_kl.h"
#include "training/batch_loader.h"

namespace easel {

struct LatentBatch {
  Tensor latents;                     // [N, H, W, C] on the host: sampled from the autoencoder's distribution, scaled
  std::vector<std::string> captions;  // N
};

class LatentSource {
 public:
  // Keeps references. vae: on the torch backend.
  LatentSource(const AutoencoderKL& vae, const BatchLoader& loader, uint64_t seed)
      : vae_(vae), loader_(loader), seed_(seed) {}

  // A function of `batch` alone.
  LatentBatch load(int64_t batch) const;

 private:
  const AutoencoderKL& vae_;
  const BatchLoader& loader_;
  uint64_t seed_;
};

}  // namespace easel
