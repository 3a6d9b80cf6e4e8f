// UniPC: a predictor and a corrector of the same order that share network calls. Zhao et al. 2023, arXiv:2302.04867.
#include <algorithm>
#include <cmath>
#include <vector>

#include "diffusion/samplers/exponential_integrator.h"
#include "diffusion/samplers/samplers.h"
#include "ops/ops.h"

namespace easel {
namespace {

struct Output {
  Tensor m;  // the network's output in the solved-for form
  double lambda;
};

// Gaussian elimination without pivoting: the systems are Vandermonde in distinct nodes, at most 3 x 3.
std::vector<double> solve(std::vector<std::vector<double>> matrix, std::vector<double> b) {
  const size_t n = b.size();
  for (size_t k = 0; k < n; ++k)
    for (size_t row = k + 1; row < n; ++row) {
      const double factor = matrix[row][k] / matrix[k][k];
      for (size_t column = k; column < n; ++column) matrix[row][column] -= factor * matrix[k][column];
      b[row] -= factor * b[k];
    }
  for (size_t k = n; k-- > 0;) {
    for (size_t column = k + 1; column < n; ++column) b[k] -= matrix[k][column] * b[column];
    b[k] /= matrix[k][k];
  }
  return b;
}

// Theorem 3.1's weights a_1 … a_p of the differences at nodes r_1 … r_p (eqs. 5-6 and 10-11): they integrate
// polynomials of lambda of degree p exactly, up to the factor B(h).
std::vector<double> difference_weights(const std::vector<double>& r, double hh, double b_of_h) {
  std::vector<std::vector<double>> powers;
  std::vector<double> right;
  double phi = std::expm1(hh) / hh - 1.0, factorial = 1.0;
  for (size_t i = 0; i < r.size(); ++i) {
    std::vector<double> row;
    for (double node : r) row.push_back(std::pow(node, static_cast<double>(i)));
    powers.push_back(row);
    factorial *= static_cast<double>(i + 1);
    right.push_back(phi * factorial / b_of_h);
    phi = phi / hh - 1.0 / (factorial * static_cast<double>(i + 2));
  }
  // One node: the paper's special case a_1 = 1/2, exact to the order and independent of B(h).
  return r.size() == 1 ? std::vector<double>{0.5} : solve(powers, right);
}

// One update from the sample x at `from` to `to` with outputs[0] found at `from` and older ones after it. `corrected`
// is the output at `to` where this is the corrector (UniC, Algorithm 1), null for the predictor (UniP, Algorithm 2).
Tensor update(const SamplerOptions& options, const Tensor& x, const NoiseLevel& from, const NoiseLevel& to,
              const std::vector<Output>& outputs, int order, const Tensor* corrected) {
  const ExponentialWeights w = exponential_weights(from, to, options.solved_for, 0.0);
  std::vector<std::pair<double, Tensor>> terms = {{w.x, x}, {w.d0, outputs[0].m}};
  if (to.sigma == 0.0) return weighted_sum(terms);  // lambda is infinite; order 1 is exact

  const double h = to.lambda() - from.lambda();
  const double hh = options.solved_for == SolvedFor::denoised ? -h : h;
  const double b_of_h = options.solver_type == SolverType::bh1 ? hh : std::expm1(hh);
  std::vector<double> r;
  for (int k = 1; k < order; ++k) r.push_back((outputs[static_cast<size_t>(k)].lambda - from.lambda()) / h);
  if (corrected) r.push_back(1.0);
  if (r.empty()) return weighted_sum(terms);

  const std::vector<double> weights = difference_weights(r, hh, b_of_h);
  const double scale = -b_of_h * (options.solved_for == SolvedFor::denoised ? to.alpha : to.sigma);
  for (size_t k = 0; k < r.size(); ++k) {
    const bool is_corrected = corrected && k + 1 == r.size();
    const Tensor& m = is_corrected ? *corrected : outputs[k + 1].m;
    terms.insert(terms.end(), {{scale * weights[k] / r[k], m}, {-scale * weights[k] / r[k], outputs[0].m}});
  }
  return weighted_sum(terms);
}

}  // namespace

// Algorithms 1 and 2: the output at the predicted sample first corrects that sample, then starts the next prediction.
// Options: order (1..3), solver_type (bh1, bh2), solved_for, lower_order_final, disable_corrector.
Tensor sample_unipc(SamplerRun& run, Tensor x) {
  const SamplerOptions& options = run.options();
  std::vector<Output> outputs;  // latest first
  Tensor start;                 // the sample that the last prediction started from
  int order = 0;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    const Tensor& output = solved_output(prediction, options.solved_for);
    const auto& disabled = options.disable_corrector;
    if (start.defined() && std::find(disabled.begin(), disabled.end(), i - 1) == disabled.end())
      x = update(options, start, run.step(i - 1).from, from, outputs, order, &output);

    outputs.insert(outputs.begin(), {output, from.lambda()});
    if (outputs.size() > 3) outputs.resize(3);
    order = std::min<int>(options.order, static_cast<int>(outputs.size()));
    if (options.lower_order_final) order = std::min(order, run.num_steps() - i);
    start = x;
    x = update(options, x, from, to, outputs, order, nullptr);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
