// churn.h — the raised noise level of stochastic samplers. Karras et al. 2022, arXiv:2206.00364, Algorithm 2, lines
// 4-6.
#pragma once

#include "diffusion/sampler.h"

namespace easel {

// Adds noise to x so that it stands at sigma_hat = sigma (1 + gamma), gamma = min(s_churn / n, sqrt(2) - 1) where sigma
// lies in [s_tmin, s_tmax], else 0; returns that level.
NoiseLevel churn(SamplerRun& run, Tensor& x, const NoiseLevel& level);

}  // namespace easel
