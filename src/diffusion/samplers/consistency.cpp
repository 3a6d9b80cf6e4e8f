// Samplers of distilled few-step models.
#include <algorithm>
#include <cmath>

#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"
#include "ops/ops.h"

namespace easel {

// Multistep consistency sampling: Luo et al. 2023, arXiv:2310.04378, Algorithm 3, with the boundary condition of Song
// et al. 2023, arXiv:2303.01469, eq. 5, sigma_data = 1/2. Options: timestep_scaling, s_noise.
Tensor sample_lcm(SamplerRun& run, Tensor x) {
  constexpr double kSigmaData = 0.5;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    Tensor denoised = prediction.denoised;
    if (run.options().timestep_scaling > 0.0) {
      const double t = at.timestep * run.options().timestep_scaling;
      const double squares = t * t + kSigmaData * kSigmaData;
      denoised = weighted_sum({{t / std::sqrt(squares), denoised}, {kSigmaData * kSigmaData / squares, x}});
    }
    x = weighted_sum({{to.alpha, denoised}});
    if (to.sigma > 0.0) x = run.add_noise(x, to.sigma);
    run.finish_step(i, x, denoised);
  }
  return x;
}

// Strategic stochastic sampling of trajectory consistency models: Zheng et al. 2024, arXiv:2402.19159, Algorithm 4.
// Each step goes on to (1 - gamma) of the next timestep and comes back with noise. Options: eta (the paper's gamma),
// s_noise.
Tensor sample_tcd(SamplerRun& run, Tensor x) {
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    const bool last = i + 1 == run.num_steps();
    const double beyond = std::floor((1.0 - run.options().eta) * to.timestep);
    const double sigma_beyond = last ? to.sigma : to.alpha * run.sigma_at(beyond);
    const double sigma_up = std::sqrt(std::max(0.0, to.sigma * to.sigma - sigma_beyond * sigma_beyond));
    x = step_to(prediction, with_room_for_noise(to, sigma_up));
    x = run.add_noise(x, sigma_up);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
