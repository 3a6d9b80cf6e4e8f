// DPM-Solver and DPM-Solver++ in groups of calls that start from one sample: "2S", "3S".
#include <vector>

#include "diffusion/samplers/exponential_integrator.h"
#include "diffusion/samplers/samplers.h"
#include "ops/ops.h"

namespace easel {
namespace {

// The order of every call: 1, 2, …, order repeated. With lower_order_final a group that would not fit is cut short, and
// the last call is of order 1. Lu et al. 2022, arXiv:2206.00927, section 3.4 ("DPM-Solver-fast").
std::vector<int> orders_of_calls(int num_steps, int order, bool lower_order_final) {
  std::vector<int> orders;
  for (int i = 0; i < num_steps; ++i) orders.push_back(i % order + 1);
  if (!lower_order_final || order == 1) return orders;
  if (order == 3 && num_steps % 3 == 0 && num_steps >= 3) orders.back() = 1;  // … 1 2 3 | 1 2 1
  return orders;
}

}  // namespace

// Lu et al. 2022, arXiv:2206.00927, Algorithms 1, 2, 5 and arXiv:2211.01095, Algorithm 1 on the planned levels: the
// k-th call of a group moves the group's first sample with the k outputs found so far. Options: order (1..3),
// solver_type, solved_for, lower_order_final.
Tensor sample_dpm_solver_singlestep(SamplerRun& run, Tensor x) {
  const SamplerOptions& options = run.options();
  const std::vector<int> orders = orders_of_calls(run.num_steps(), options.order, options.lower_order_final);
  std::vector<Tensor> m;       // the group's outputs, earliest first
  std::vector<double> lambda;  // where they were found
  Tensor start;
  NoiseLevel start_level;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    if (m.empty() || orders[static_cast<size_t>(i)] == 1) {
      m.clear(), lambda.clear();
      start = x;
      start_level = from;
    }
    m.push_back(solved_output(prediction, options.solved_for));
    lambda.push_back(from.lambda());

    const ExponentialWeights w = exponential_weights(start_level, to, options.solved_for, 0.0);
    std::vector<std::pair<double, Tensor>> terms = {{w.x, start}, {w.d0, m[0]}};
    const double h = to.lambda() - lambda[0];
    if (to.sigma == 0.0) {
      // Order 1 is exact at the end; restart from the sample at hand.
      const ExponentialWeights last = exponential_weights(from, to, options.solved_for, 0.0);
      terms = {{last.x, x}, {last.d0, m.back()}};
    } else if (m.size() == 2) {
      const double weight = w.first_difference(options.solver_type) * h / (lambda[1] - lambda[0]);
      terms.insert(terms.end(), {{weight, m[1]}, {-weight, m[0]}});
    } else if (m.size() == 3) {
      const double r1 = (lambda[1] - lambda[0]) / h, r0 = (lambda[2] - lambda[0]) / h;
      const Tensor d1_0 = weighted_sum({{1.0 / r1, m[1]}, {-1.0 / r1, m[0]}});
      const Tensor d1_1 = weighted_sum({{1.0 / r0, m[2]}, {-1.0 / r0, m[0]}});
      if (options.solver_type == SolverType::midpoint) {
        terms.emplace_back(w.d1, d1_1);
      } else {  // D1 = (r0 d1_0 - r1 d1_1) / (r0 - r1), D2 = 2 (d1_1 - d1_0) / (r0 - r1)
        terms.emplace_back((w.d1 * r0 - 2.0 * w.d2) / (r0 - r1), d1_0);
        terms.emplace_back((2.0 * w.d2 - w.d1 * r1) / (r0 - r1), d1_1);
      }
    }
    x = weighted_sum(terms);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
