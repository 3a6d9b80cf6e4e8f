// Second-order single-step samplers of Karras et al. 2022, arXiv:2206.00364.
#include "diffusion/samplers/churn.h"
#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"
#include "ops/ops.h"

namespace easel {

// Algorithm 2: an Euler step, then the trapezoidal rule with the slope found there. Options: churn.
Tensor sample_heun(SamplerRun& run, Tensor x) {
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const NoiseLevel to = run.step(i).to;
    const NoiseLevel raised = churn(run, x, run.step(i).from);
    const Prediction prediction = run.predict(x, raised);
    Tensor next = step_to(prediction, to);
    if (to.sigma > 0.0) {
      const Prediction corrected = run.predict(next, to);
      const Tensor slope = weighted_sum({{0.5, prediction.eps}, {0.5, corrected.eps}});
      next = move_along(x, slope, raised, to);
    }
    x = next;
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

// The midpoint rule (Algorithm 2's family, appendix C.3 with alpha = 1/2), the midpoint taken in log sigma as
// k-diffusion does; ancestral with eta > 0. Options: eta, s_noise, churn.
Tensor sample_dpm_2(SamplerRun& run, Tensor x) {
  const bool ancestral = run.options().eta > 0.0;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const NoiseLevel raised = ancestral ? from : churn(run, x, from);
    const double sigma_up = ancestral_sigma(raised, to, run.options().eta);
    const NoiseLevel down = with_room_for_noise(to, sigma_up);
    const Prediction prediction = run.predict(x, raised);
    if (ancestral) run.skip_noise(x);
    if (down.sigma == 0.0) {
      x = step_to(prediction, down);
    } else {
      const NoiseLevel middle = halfway(run, raised, down);
      const Prediction midpoint = run.predict(move_along(x, prediction.eps, raised, middle), middle);
      x = move_along(x, midpoint.eps, raised, down);
      if (ancestral) x = run.add_noise(x, sigma_up);
    }
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
