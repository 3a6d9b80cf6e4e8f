// diffusion_loss.h — the objective of a denoising network. Ho et al. 2020, arXiv:2006.11239, eq. 14.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diffusion/noise_schedule.h"
#include "training/losses/losses.h"

namespace easel {

// How often a timestep comes. uniform: all equally often. logit_normal: T sigmoid(z) of standard normal z, so that
// those in the middle, which decide what a picture shows, come more often than the nearly clean and the nearly pure
// noise: of ten, three lie in each of the middle fifths and less than one in each of the outer two. Esser et al. 2024,
// arXiv:2403.03206, section 3.1, with m = 0 and s = 1.
enum class TimestepSampling { uniform, logit_normal };
// Throws InvalidArgument naming the choices.
TimestepSampling parse_timestep_sampling(const std::string& name);

struct DiffusionObjective {
  NoiseSchedule schedule;
  PredictionTarget target = PredictionTarget::epsilon;
  double snr_gamma = 0;  // of min_snr_weight; 0: weights all timesteps equally
  TimestepSampling timestep_sampling = TimestepSampling::uniform;
};

// The timestep, 0..T-1, of the example at `place` of batch `batch`.
int random_timestep(const DiffusionObjective& objective, uint64_t seed, int64_t batch, int64_t place);

// One batch at its noise levels, all on the host.
struct NoisyBatch {
  std::vector<float> timesteps;  // N
  Tensor noisy;                  // [N, H, W, C]: alpha * latents + sigma * noise
  Tensor target;                 // the noise, or the velocity alpha * noise - sigma * latents
  Tensor weights;                // [N]
};

// Roots of the weights of each element of [N, H, W, channels], so that prediction and target can be multiplied by them:
// weights are 1 outside of objects, `object_weight` inside, scaled to a mean of 1 over the batch. cover: [N, H, W],
// 0..1.
Tensor object_weight_roots(const Tensor& cover, double object_weight, int64_t channels);

// latents, noise: [N, H, W, C] on the host; timesteps: N table entries.
NoisyBatch add_noise(const DiffusionObjective& objective, const Tensor& latents, const Tensor& noise,
                     const std::vector<int>& timesteps);

}  // namespace easel
