// exponential_integrator.h — the weights of one step of the DPM-Solver family.
//
// Between two levels the diffusion ODE (and SDE) is linear but for the network's output, so its linear part is solved
// exactly and the output is expanded in lambda = log(alpha / sigma). Lu et al. 2022, arXiv:2206.00927, eq. 3.4 (noise
// prediction) and arXiv:2211.01095, eq. 8 and appendix B (data prediction, SDE).
#pragma once

#include <vector>

#include "diffusion/sampler.h"

namespace easel {

// x_t = x * x_s + d0 * D0 + d1 * D1 + d2 * D2 + noise * z, with D0 the output at s, D1 and D2 its first and (twice the)
// second divided differences in units of h = lambda_t - lambda_s.
struct ExponentialWeights {
  double x;
  double d0;
  double d1_midpoint;  // solver_type midpoint: agrees with d1 to the method's order
  double d1;           // exact for linear outputs (solver_type heun, and all third-order methods)
  double d2;
  double noise;

  double first_difference(SolverType type) const { return type == SolverType::midpoint ? d1_midpoint : d1; }
};

// eta: 0 the ODE, 1 the reverse SDE. At to.sigma = 0 only x and d0 are meaningful.
ExponentialWeights exponential_weights(const NoiseLevel& from, const NoiseLevel& to, SolvedFor solved_for, double eta);

// What the solver expands: the prediction's denoised or eps.
const Tensor& solved_output(const Prediction& prediction, SolvedFor solved_for);

}  // namespace easel
