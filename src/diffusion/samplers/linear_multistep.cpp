// Linear multistep samplers: x / alpha is moved by a weighted sum of the latest eps. They differ in the weights.
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"
#include "ops/ops.h"

namespace easel {
namespace {

// Coefficients of the Lagrange polynomial over `nodes` that is 1 at node j, lowest power first.
std::vector<double> lagrange_polynomial(const std::vector<double>& nodes, size_t j) {
  std::vector<double> polynomial = {1.0};
  for (size_t k = 0; k < nodes.size(); ++k) {
    if (k == j) continue;
    std::vector<double> product(polynomial.size() + 1, 0.0);  // times (u - node_k) / (node_j - node_k)
    for (size_t power = 0; power < polynomial.size(); ++power) {
      product[power] -= polynomial[power] * nodes[k] / (nodes[j] - nodes[k]);
      product[power + 1] += polynomial[power] / (nodes[j] - nodes[k]);
    }
    polynomial = product;
  }
  return polynomial;
}

// Antiderivative of p(u) at u.
double integral_of(const std::vector<double>& p, double u) {
  double sum = 0.0;
  for (size_t power = p.size(); power-- > 0;) sum = (sum + p[power] / static_cast<double>(power + 1)) * u;
  return sum;
}

// Antiderivative of p(log rho) over rho: rho (p - p' + p'' - …)(log rho), by repeated integration by parts.
double integral_over_logarithm(std::vector<double> p, double rho) {
  if (rho == 0.0) return 0.0;
  double sum = 0.0;
  for (double sign = 1.0; !p.empty(); sign = -sign) {
    double value = 0.0;
    for (size_t power = p.size(); power-- > 0;) value = value * std::log(rho) + p[power];
    sum += sign * value;
    for (size_t power = 1; power < p.size(); ++power) p[power - 1] = p[power] * static_cast<double>(power);
    p.pop_back();
  }
  return rho * sum;
}

// Weights of the eps at sigmas[0] (latest), sigmas[1], … for the move from sigmas[0] to sigma_next.
using WeightFunction = std::function<std::vector<double>(const std::vector<double>& sigmas, double sigma_next)>;

Tensor sample_with_weights(SamplerRun& run, Tensor x, const WeightFunction& weights_of) {
  const SamplerOptions& options = run.options();
  std::vector<Tensor> history;  // eps, latest first
  std::vector<double> sigmas;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    history.insert(history.begin(), prediction.eps);
    sigmas.insert(sigmas.begin(), from.relative_sigma());
    int order = std::min<int>(options.order, static_cast<int>(history.size()));
    if (options.lower_order_final && run.num_steps() < options.lower_order_final_below_steps)
      order = std::min(order, run.num_steps() - i);
    history.resize(static_cast<size_t>(std::min<int>(options.order, static_cast<int>(history.size()))));
    sigmas.resize(history.size());

    const std::vector<double> weights = weights_of({sigmas.begin(), sigmas.begin() + order}, to.relative_sigma());
    std::vector<std::pair<double, Tensor>> terms = {{to.alpha / from.alpha, x}};
    for (size_t j = 0; j < weights.size(); ++j) terms.emplace_back(to.alpha * weights[j], history[j]);
    x = weighted_sum(terms);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace

// Adams-Bashforth on the nodes' own spacing: eps is interpolated as a polynomial of sigma; k-diffusion's LMS after
// Katherine Crowson. Options: order.
Tensor sample_lms(SamplerRun& run, Tensor x) {
  return sample_with_weights(run, std::move(x), [](const std::vector<double>& sigmas, double sigma_next) {
    std::vector<double> weights;
    for (size_t j = 0; j < sigmas.size(); ++j) {
      const auto polynomial = lagrange_polynomial(sigmas, j);
      weights.push_back(integral_of(polynomial, sigma_next) - integral_of(polynomial, sigmas[0]));
    }
    return weights;
  });
}

// DEIS, tAB in log rho: eps is interpolated as a polynomial of log rho, rho = sigma / alpha.
// Zhang & Chen 2022, arXiv:2204.13902, eqs. 14-15. Options: order, lower_order_final.
Tensor sample_deis(SamplerRun& run, Tensor x) {
  return sample_with_weights(run, std::move(x), [](const std::vector<double>& sigmas, double sigma_next) {
    std::vector<double> nodes, weights;
    for (double sigma : sigmas) nodes.push_back(std::log(sigma));
    for (size_t j = 0; j < sigmas.size(); ++j) {
      const auto polynomial = lagrange_polynomial(nodes, j);
      weights.push_back(integral_over_logarithm(polynomial, sigma_next) -
                        integral_over_logarithm(polynomial, sigmas[0]));
    }
    return weights;
  });
}

// Improved PNDM: Adams-Bashforth with the weights of equal spacing, started at order 1. Zhang & Chen 2022,
// arXiv:2204.13902, appendix H.2. Options: order (1..4).
Tensor sample_ipndm(SamplerRun& run, Tensor x) {
  return sample_with_weights(run, std::move(x), [](const std::vector<double>& sigmas, double sigma_next) {
    static const std::vector<double> kAdamsBashforth[] = {
        {1.0}, {3.0 / 2, -1.0 / 2}, {23.0 / 12, -16.0 / 12, 5.0 / 12}, {55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24}};
    std::vector<double> weights = kAdamsBashforth[sigmas.size() - 1];
    for (double& weight : weights) weight *= sigma_next - sigmas[0];
    return weights;
  });
}

// The latest eps is pushed away from the one before: gradient estimation, Permenter & Yuan 2023, arXiv:2306.04848,
// Algorithm 2 with gamma = 2. The step to sigma = 0 is Euler's.
Tensor sample_gradient_estimation(SamplerRun& run, Tensor x) {
  return sample_with_weights(run, std::move(x), [](const std::vector<double>& sigmas, double sigma_next) {
    constexpr double kGamma = 2.0;
    const double step = sigma_next - sigmas[0];
    if (sigmas.size() == 1 || sigma_next == 0.0) return std::vector<double>{step};
    return std::vector<double>{kGamma * step, (1.0 - kGamma) * step};
  });
}

}  // namespace easel
