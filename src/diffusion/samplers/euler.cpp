// First-order samplers: Euler with churn, ancestral sampling (= DDIM with eta), and DDPM.
#include <algorithm>
#include <cmath>

#include "diffusion/samplers/churn.h"
#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"
#include "ops/ops.h"

namespace easel {

// Karras et al. 2022, arXiv:2206.00364, Algorithm 2 without its second-order correction. Options: churn.
Tensor sample_euler(SamplerRun& run, Tensor x) {
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    Prediction prediction;
    if (run.options().churn_order == ChurnOrder::after_network) {
      const Tensor output = run.denoiser().network_output(x, at);
      const NoiseLevel raised = churn(run, x, from);
      prediction = run.denoiser().interpret(output, x, raised);
    } else {
      const NoiseLevel raised = churn(run, x, from);
      prediction = run.predict(x, raised);
    }
    x = step_to(prediction, to);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

// Song et al. 2020, arXiv:2010.02502, eq. 12 with the sigma of eq. 16; at eta = 1 also k-diffusion's Euler ancestral
// and, with the posterior variance, DDPM's sampling. Options: eta, s_noise.
Tensor sample_ancestral(SamplerRun& run, Tensor x) {
  const double eta = run.options().eta;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    const double sigma_up = ancestral_sigma(from, to, eta);
    x = step_to(prediction, with_room_for_noise(to, sigma_up));
    if (eta > 0.0) x = run.add_noise(x, sigma_up);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

// Ho et al. 2020, arXiv:2006.11239, Algorithm 2, with the posterior mean of eq. 7. fixed_small adds noise of the
// posterior variance, fixed_large of beta_t. The last step (timestep 0) adds none. Options: variance.
Tensor sample_ddpm(SamplerRun& run, Tensor x) {
  constexpr double kLeastVariance = 1e-20;  // as the reference clamps it
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    const double posterior = ancestral_sigma(from, to, 1.0);
    x = step_to(prediction, with_room_for_noise(to, posterior));
    if (at.timestep > 0.0) {
      const double size = std::hypot(to.alpha, to.sigma);
      const double alpha_ratio = from.alpha / std::hypot(from.alpha, from.sigma) * size / to.alpha;
      const double beta = 1.0 - alpha_ratio * alpha_ratio;
      const bool large = run.options().variance == DdpmVariance::fixed_large;
      x = run.add_noise(x, std::sqrt(std::max(large ? beta * size * size : posterior * posterior, kLeastVariance)));
    }
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
