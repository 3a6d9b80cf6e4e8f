#include "diffusion/sampler.h"

#include <string>

#include "easel/error.h"
#include "ops/ops.h"

namespace easel {

Tensor SamplerRun::add_noise(const Tensor& x, double scale) {
  if (scale > 0.0)
    return weighted_sum({{1.0, x}, {scale * options().s_noise, to_device(noise_.draw(x.shape()), x.device())}});
  skip_noise(x);
  return x;
}

void SamplerRun::skip_noise(const Tensor& like) {
  if (options().unused_noise == UnusedNoise::draw) noise_.draw(like.shape());
}

void SamplerRun::finish_step(int i, const SamplerStep& taken, Tensor& x, const Tensor& denoised) {
  if (!all_finite(x))
    throw Error(ErrorCode::Unsupported, "[sampler] latents are not finite after step " + std::to_string(i + 1) +
                                            " of " + std::to_string(num_steps()) + "; the network's output overflowed");
  if (!setup_.callback) return;
  StepInfo info{i, num_steps(), denoiser_.calls(), taken.at, taken.to, x, denoised};
  setup_.callback(info);
}

}  // namespace easel
