// DPM-Solver++ with a second call halfway and noise after it; k-diffusion's forms.
#include <cmath>

#include "diffusion/samplers/exponential_integrator.h"
#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"
#include "ops/ops.h"

namespace easel {
namespace {

// Lu et al. 2022, arXiv:2211.01095, eq. 8 at first order.
Tensor first_order(const Tensor& x, const Tensor& denoised, const NoiseLevel& from, const NoiseLevel& to) {
  const ExponentialWeights w = exponential_weights(from, to, SolvedFor::denoised, 0.0);
  return weighted_sum({{w.x, x}, {w.d0, denoised}});
}

}  // namespace

// arXiv:2211.01095, Algorithm 1 with r = 1/2, ancestral. Options: eta, s_noise.
Tensor sample_dpmpp_2s_ancestral(SamplerRun& run, Tensor x) {
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const double sigma_up = ancestral_sigma(from, to, run.options().eta);
    const NoiseLevel down = with_room_for_noise(to, sigma_up);
    const Prediction prediction = run.predict(x, at);
    Tensor denoised = prediction.denoised;
    if (down.sigma > 0.0) {
      const NoiseLevel middle = halfway(run, from, down);
      denoised = run.predict(first_order(x, denoised, from, middle), middle).denoised;
    }
    x = first_order(x, denoised, from, down);
    if (to.sigma > 0.0) x = run.add_noise(x, sigma_up);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

// The same as a stochastic solver: noise is added on the way to the midpoint too, and the output is extrapolated to
// 1 - 1/(2r) = 0 of the first and 1/(2r) = 1 of the second. Options: eta, s_noise.
Tensor sample_dpmpp_sde(SamplerRun& run, Tensor x) {
  const double eta = run.options().eta;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    if (to.sigma == 0.0) {
      x = step_to(prediction, to);
    } else {
      const NoiseLevel middle = halfway(run, from, to);
      const double middle_up = ancestral_sigma(from, middle, eta);
      const Tensor middle_x = first_order(x, prediction.denoised, from, with_room_for_noise(middle, middle_up));
      const Prediction second = run.predict(run.add_noise(middle_x, middle_up), middle);

      const double sigma_up = ancestral_sigma(from, to, eta);
      x = first_order(x, second.denoised, from, with_room_for_noise(to, sigma_up));
      x = run.add_noise(x, sigma_up);
    }
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
