#include "training/latent_source.h"

#include "ops/autograd.h"
#include "ops/ops.h"
#include "training/step_random.h"

namespace easel {

LatentBatch LatentSource::load(int64_t batch) const {
  const NoGradient unrecorded;
  LoadedBatch loaded = loader_.load(batch);
  const LatentDistribution distribution = vae_.encode(to_backend(loaded.pixel_values, BackendKind::torch));
  const Tensor noise = random_normal(seed_, batch, Purpose::latents, distribution.mean.shape());
  return {.latents = weighted_sum({{vae_.config().scaling_factor, distribution.sample(noise)}}),
          .captions = std::move(loaded.captions)};
}

}  // namespace easel
