#include "diffusion/samplers/exponential_integrator.h"

#include <cmath>

namespace easel {
namespace {

// Data prediction: with H = (1 + eta) h the integrals are phi functions of -H.
ExponentialWeights data_prediction_weights(const NoiseLevel& from, const NoiseLevel& to, double eta) {
  if (to.sigma == 0.0) return {.x = 0.0, .d0 = to.alpha, .d1_midpoint = 0.0, .d1 = 0.0, .d2 = 0.0, .noise = 0.0};
  const double h = to.lambda() - from.lambda(), h_eta = (1.0 + eta) * h;
  const double decay = std::expm1(-h_eta);
  const double phi2 = decay / h_eta + 1.0, phi3 = phi2 / h_eta - 0.5;
  return {.x = to.sigma / from.sigma * std::exp(-eta * h),
          .d0 = -to.alpha * decay,
          .d1_midpoint = -0.5 * to.alpha * decay,
          .d1 = to.alpha * phi2,
          .d2 = -to.alpha * phi3,
          .noise = to.sigma * std::sqrt(-std::expm1(-2.0 * eta * h))};
}

// Noise prediction; eta scales the output's part as the reverse SDE does at 1.
ExponentialWeights noise_prediction_weights(const NoiseLevel& from, const NoiseLevel& to, double eta) {
  const double h = to.lambda() - from.lambda();
  const double x = to.alpha / from.alpha;
  const double growth = x * from.sigma - to.sigma;  // sigma_t (e^h - 1), finite at sigma_t = 0
  const double start = x * from.sigma;              // sigma_t e^h
  return {.x = x,
          .d0 = -(1.0 + eta) * growth,
          .d1_midpoint = -0.5 * (1.0 + eta) * growth,
          .d1 = -(1.0 + eta) * (growth / h - to.sigma),
          .d2 = -((growth / h - to.sigma) / h - 0.5 * to.sigma),
          .noise = eta * std::sqrt(start * start - to.sigma * to.sigma)};
}

}  // namespace

ExponentialWeights exponential_weights(const NoiseLevel& from, const NoiseLevel& to, SolvedFor solved_for, double eta) {
  return solved_for == SolvedFor::denoised ? data_prediction_weights(from, to, eta)
                                           : noise_prediction_weights(from, to, eta);
}

const Tensor& solved_output(const Prediction& prediction, SolvedFor solved_for) {
  return solved_for == SolvedFor::denoised ? prediction.denoised : prediction.eps;
}

}  // namespace easel
