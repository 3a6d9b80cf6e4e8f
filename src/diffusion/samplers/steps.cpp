#include "diffusion/samplers/steps.h"

#include <algorithm>
#include <cmath>

#include "ops/ops.h"

namespace easel {

Tensor step_to(const Prediction& prediction, const NoiseLevel& to) {
  if (to.sigma == 0.0) return weighted_sum({{to.alpha, prediction.denoised}});
  return weighted_sum({{to.alpha, prediction.denoised}, {to.sigma, prediction.eps}});
}

Tensor move_along(const Tensor& x, const Tensor& eps, const NoiseLevel& from, const NoiseLevel& to) {
  const double scale = to.alpha / from.alpha;
  return weighted_sum({{scale, x}, {to.sigma - from.sigma * scale, eps}});
}

double ancestral_sigma(const NoiseLevel& from, const NoiseLevel& to, double eta) {
  const double ratio = to.sigma * from.alpha / (to.alpha * from.sigma);  // exp(-h)
  // Clamped: rounding makes the square root's argument negative at zero terminal SNR and for equal levels.
  return std::min(to.sigma, eta * to.sigma * std::sqrt(std::max(0.0, 1.0 - ratio * ratio)));
}

NoiseLevel with_room_for_noise(const NoiseLevel& level, double sigma_up) {
  const double sigma_down = std::sqrt(std::max(0.0, level.sigma * level.sigma - sigma_up * sigma_up));
  return {level.alpha, sigma_down, level.timestep};
}

NoiseLevel halfway(const SamplerRun& run, const NoiseLevel& from, const NoiseLevel& to) {
  return run.level_at(to.alpha, std::sqrt(from.relative_sigma() * to.relative_sigma()));
}

}  // namespace easel
