#include "training/cache/latent_source.h"

#include "datasets/step_random.h"
#include "easel/error.h"
#include "ops/autograd.h"
#include "ops/ops.h"
#include "training/cache/cache_file.h"

namespace easel {
namespace {

constexpr int64_t kEncodedAtOnce = 16;  // pictures: enough to keep every core busy

}  // namespace

Tensor LatentSource::encode(const Tensor& pixel_values) const {
  const NoGradient unrecorded;
  return to_host(vae_.encode(to_backend(pixel_values, BackendKind::torch)).moments);
}

void LatentSource::use_cache(const std::filesystem::path& file, const LatentCacheKey& key,
                             const CacheProgress& progress) {
  const int64_t factor = vae_.config().downsampling();
  for (int64_t group = 0; group < loader_.sampler().num_groups(); ++group) {
    LatentCacheKey own = key;
    own.picture_size = loader_.picture_size(group);
    own.num_entries = loader_.sampler().group_size(group);
    own.moments = {own.picture_size.height_px / factor, own.picture_size.width_px / factor,
                   2 * vae_.config().latent_channels};
    auto cache = std::make_unique<LatentCache>(numbered_cache_file(file, group), own);
    const auto encode_batch = [this](const Tensor& pixel_values) { return encode(pixel_values); };
    if (!fill_latent_cache(*cache, loader_, group, kEncodedAtOnce, encode_batch, progress))
      throw Error(ErrorCode::Cancelled, "[train] stopped while latents were cached; what is done is kept");
    caches_.push_back(std::move(cache));
  }
}

Tensor LatentSource::sampled(const Tensor& moments, const Batch& batch) const {
  const int64_t c = vae_.config().latent_channels;
  const LatentDistribution distribution{.moments = moments,
                                        .mean = slice(moments, -1, 0, c),
                                        .logvar = clamp(slice(moments, -1, c, 2 * c), -30.0f, 20.0f)};
  const Shape row{moments.dim(1), moments.dim(2), c};
  const Tensor noise = random_normal_rows(seed_, batch.number, Purpose::latents, batch.places(), row);
  return weighted_sum({{vae_.config().scaling_factor, distribution.sample(noise)}});
}

LatentBatch LatentSource::load(int64_t batch) const {
  if (caches_.empty()) {
    LoadedBatch loaded = loader_.load(batch);
    return {.latents = sampled(encode(loaded.pixel_values), loaded.batch),
            .captions = std::move(loaded.captions),
            .batch = loaded.batch};
  }
  LoadedBatch loaded = loader_.load_captions(batch);
  std::vector<int64_t> entries;
  for (const BatchSlot& slot : loaded.batch.slots) entries.push_back(slot.entry);
  const Tensor moments = caches_[static_cast<size_t>(loaded.batch.group)]->read(entries);
  return {.latents = sampled(moments, loaded.batch), .captions = std::move(loaded.captions), .batch = loaded.batch};
}

}  // namespace easel
