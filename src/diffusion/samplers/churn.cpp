#include "diffusion/samplers/churn.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace easel {

NoiseLevel churn(SamplerRun& run, Tensor& x, const NoiseLevel& level) {
  const SamplerOptions& options = run.options();
  const double sigma = level.relative_sigma();
  const bool in_range = options.s_tmin <= sigma && sigma <= options.s_tmax;
  const double gamma = in_range ? std::min(options.s_churn / run.num_steps(), std::numbers::sqrt2 - 1.0) : 0.0;
  x = run.add_noise(x, level.sigma * std::sqrt((1.0 + gamma) * (1.0 + gamma) - 1.0));
  return gamma > 0.0 ? run.level_at(level.alpha, sigma * (1.0 + gamma)) : level;
}

}  // namespace easel
