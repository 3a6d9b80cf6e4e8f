// latent_cache_filling.h — the pass over the pictures that makes a latent cache.
#pragma once

#include <functional>

#include "datasets/batch_loader.h"
#include "training/cache/latent_cache.h"

namespace easel {

// pixel_values [N, H, W, 3] on the host -> moments [N, H', W', 2C] on the host.
using EncodeMoments = std::function<Tensor(const Tensor& pixel_values)>;
// Called after each batch; false stops the filling.
using CacheProgress = std::function<bool(int64_t done, int64_t total)>;

// Encodes what is missing of a group's examples, batch by batch, entry i of the cache being entry i of the group.
// Pictures that cannot be read become broken entries, and are marked as broken with the loader, also where they were
// found at an earlier time. Returns whether it came to the end.
bool fill_latent_cache(LatentCache& cache, const BatchLoader& loader, int64_t group, int64_t batch_size,
                       const EncodeMoments& encode, const CacheProgress& progress = {});

}  // namespace easel
