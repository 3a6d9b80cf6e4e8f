// gaussian_data.h — data of a normal distribution, for which the best denoiser and the paths of the diffusion ODE are
// known in closed form.
#pragma once

#include "diffusion/denoiser.h"
#include "diffusion/sampling_plan.h"

namespace easel {

// x0 ~ N(mean, deviation^2), each element alone.
struct GaussianData {
  double mean = 0.7;
  double deviation = 0.5;

  // The network that predicts eps without error.
  PredictFunction network() const;
  // The deviation of x at a level.
  double deviation_at(const NoiseLevel& level) const;
  // Where the probability-flow ODE carries x: a fixed number of deviations from the mean.
  Tensor exact(const Tensor& x, const NoiseLevel& from, const NoiseLevel& to) const;
};

// A plan of the sampler `name` over n equal steps of lambda between two levels above 0.
SamplingPlan plan_between(const std::string& name, int n, double sigma_begin, double sigma_end);

}  // namespace easel
