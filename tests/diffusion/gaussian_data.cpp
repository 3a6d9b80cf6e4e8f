#include "diffusion/gaussian_data.h"

#include <cmath>

#include "diffusion/sampler_registry.h"
#include "diffusion/samplers/samplers.h"
#include "diffusion/scheduler_config.h"

namespace easel {

// E[eps | x] at x = alpha x0 + sigma eps.
PredictFunction GaussianData::network() const {
  return [*this](const Tensor& model_input, const NoiseLevel& level) {
    const double size = std::hypot(level.alpha, level.sigma), variance = std::pow(deviation_at(level), 2);
    Tensor eps = model_input.clone();
    for (float& value : eps.span())
      value = static_cast<float>(level.sigma * (value * size - level.alpha * mean) / variance);
    return eps;
  };
}

double GaussianData::deviation_at(const NoiseLevel& level) const {
  return std::hypot(level.alpha * deviation, level.sigma);
}

Tensor GaussianData::exact(const Tensor& x, const NoiseLevel& from, const NoiseLevel& to) const {
  Tensor result = x.clone();
  for (float& value : result.span())
    value = static_cast<float>(to.alpha * mean + (value - from.alpha * mean) * (deviation_at(to) / deviation_at(from)));
  return result;
}

SamplingPlan plan_between(const std::string& name, int n, double sigma_begin, double sigma_end) {
  const SamplerInfo& info = find_sampler(name);
  SamplingPlan plan;
  plan.sampler_name = info.name;
  plan.sampler = info.sampler;
  plan.options = info.defaults;
  std::vector<NoiseLevel> levels;
  for (double sigma : exponential_sigmas(n + 1, sigma_end, sigma_begin))
    levels.push_back(plan.schedule.level_at(1.0, sigma));
  plan.steps = info.sampler == sample_pndm ? pseudo_multistep_steps(levels) : consecutive_steps(levels);
  return plan;
}

}  // namespace easel
