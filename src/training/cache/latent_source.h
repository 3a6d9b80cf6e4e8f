// latent_source.h — the latents that a denoising network learns from: encoded anew for each batch, or once and for all.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "datasets/batch_loader.h"
#include "models/vae/autoencoder_kl.h"
#include "training/cache/latent_cache.h"
#include "training/cache/latent_cache_filling.h"

namespace easel {

struct LatentBatch {
  Tensor latents;                     // [N, H, W, C] on the host: sampled from the autoencoder's distribution, scaled
  std::vector<std::string> captions;  // N
  Batch batch;                        // the examples that were taken
};

class LatentSource {
 public:
  // Keeps a reference to the loader. vae: on the torch backend.
  LatentSource(AutoencoderKL vae, const BatchLoader& loader, uint64_t seed)
      : vae_(std::move(vae)), loader_(loader), seed_(seed) {}

  // From now on the distributions come from `file` (one file more, named with its number, for each further aspect
  // bucket), which is filled first where it is not complete. Throws as LatentCache does, Cancelled where `progress`
  // returned false.
  void use_cache(const std::filesystem::path& file, const LatentCacheKey& key, const CacheProgress& progress);

  int64_t batch_size() const { return loader_.sampler().batch_size(); }
  // A function of `batch` alone.
  LatentBatch load(int64_t batch) const;
  // BatchLoader::object_cover of the batch in the cells of its latents: [N, H, W].
  Tensor object_cover(const LatentBatch& batch) const {
    return loader_.object_cover(batch.batch, batch.latents.dim(2), batch.latents.dim(1));
  }

 private:
  Tensor encode(const Tensor& pixel_values) const;  // -> moments [N, H, W, 2C], on the host
  // mean + exp(logvar / 2) * noise, scaled.
  Tensor sampled(const Tensor& moments, const Batch& batch) const;

  AutoencoderKL vae_;
  const BatchLoader& loader_;
  uint64_t seed_;
  std::vector<std::unique_ptr<LatentCache>> caches_;  // by group
};

}  // namespace easel
