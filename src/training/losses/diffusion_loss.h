// diffusion_loss.h — the objective of a denoising network. Ho et al. 2020, arXiv:2006.11239, eq. 14.
#pragma once

#include <vector>

#include "diffusion/noise_schedule.h"
#include "training/losses/losses.h"

namespace easel {

struct DiffusionObjective {
  NoiseSchedule schedule;
  PredictionTarget target = PredictionTarget::epsilon;
  double snr_gamma = 0;  // of min_snr_weight; 0: every timestep counts the same
};

// One batch at its noise levels, all on the host.
struct NoisyBatch {
  std::vector<float> timesteps;  // N
  Tensor noisy;                  // [N, H, W, C]: alpha * latents + sigma * noise
  Tensor target;                 // the noise, or the velocity alpha * noise - sigma * latents
  Tensor weights;                // [N]
};

// latents, noise: [N, H, W, C] on the host; timesteps: N table entries.
NoisyBatch add_noise(const DiffusionObjective& objective, const Tensor& latents, const Tensor& noise,
                     const std::vector<int>& timesteps);

}  // namespace easel
