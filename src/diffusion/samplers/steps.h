// steps.h — the moves that solvers are made of, in (alpha, sigma) coordinates.
#pragma once

#include "diffusion/noise_level.h"
#include "diffusion/sampler.h"

namespace easel {

// Where the prediction leads: to.alpha * denoised + to.sigma * eps. One DDIM step without noise (Song et al. 2020,
// arXiv:2010.02502, eq. 12), which is Euler's step of the probability-flow ODE.
Tensor step_to(const Prediction& prediction, const NoiseLevel& to);

// x moved along a given eps: with y = x / alpha and s = sigma / alpha, y' = y + (s' - s) eps. REQUIRES: from.alpha > 0.
Tensor move_along(const Tensor& x, const Tensor& eps, const NoiseLevel& from, const NoiseLevel& to);

// Standard deviation of the noise that an ancestral step from `from` to `to` adds, eta of the full one:
// eta * sigma_t sqrt(1 - exp(-2h)), h = lambda_t - lambda_s; DDIM's eq. 16 and k-diffusion's sigma_up alike.
double ancestral_sigma(const NoiseLevel& from, const NoiseLevel& to, double eta);

// `level` with less noise, so that adding noise of standard deviation sigma_up gives `level` again.
NoiseLevel with_room_for_noise(const NoiseLevel& level, double sigma_up);

// Halfway in lambda between two levels, at the second one's alpha.
NoiseLevel halfway(const SamplerRun& run, const NoiseLevel& from, const NoiseLevel& to);

}  // namespace easel
