// noise_level.h — where a noisy sample stands between data and noise: x = alpha * x0 + sigma * eps.
//
// Every solver is written in these two numbers, so one implementation serves all coordinates in use: k-diffusion's
// variance-exploding ones have alpha = 1, DDIM's and DPM-Solver's variance-preserving ones alpha^2 + sigma^2 = 1, and a
// schedule rescaled to zero terminal SNR starts at alpha = 0. A network is always given x / hypot(alpha, sigma).
#pragma once

#include <cmath>

namespace easel {

struct NoiseLevel {
  double alpha = 1.0;     // signal scale, 0..1
  double sigma = 0.0;     // noise scale, 0 or more
  double timestep = 0.0;  // what the network is told, 0..num_train_timesteps-1; may be fractional

  // k-diffusion's sigma; infinite where alpha is 0.
  double relative_sigma() const { return sigma / alpha; }
  // Half the logarithm of the signal-to-noise ratio; Lu et al. 2022, arXiv:2206.00927, section 3.1. +inf at sigma = 0.
  double lambda() const { return std::log(alpha / sigma); }
};

}  // namespace easel
