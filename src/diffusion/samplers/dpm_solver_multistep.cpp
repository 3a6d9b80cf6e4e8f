// DPM-Solver and DPM-Solver++ from earlier outputs: "2M", "3M", and their SDE forms.
#include <algorithm>
#include <vector>

#include "diffusion/samplers/exponential_integrator.h"
#include "diffusion/samplers/samplers.h"
#include "ops/ops.h"

namespace easel {
namespace {

int order_of_step(const SamplerRun& run, int i, size_t outputs) {
  const SamplerOptions& options = run.options();
  const int remaining = run.num_steps() - i;
  const bool lower_final = options.lower_order_final && run.num_steps() < options.lower_order_final_below_steps;
  // At sigma = 0 lambda is infinite and the differences are meaningless; order 1 is exact there.
  if (run.step(i).to.sigma == 0.0) return 1;
  if (remaining == 1 && (lower_final || options.euler_at_final)) return 1;
  const int order = std::min<int>(options.order, static_cast<int>(outputs));
  return lower_final ? std::min(order, remaining) : order;
}

}  // namespace

// Lu et al. 2022, arXiv:2211.01095, Algorithm 2 (2M) and its SDE form of appendix B; third order as in their published
// code. arXiv:2206.00927 for noise prediction. Options: order (1..3), eta, solver_type, solved_for, lower_order_final,
// euler_at_final, s_noise.
Tensor sample_dpm_solver_multistep(SamplerRun& run, Tensor x) {
  const SamplerOptions& options = run.options();
  std::vector<Tensor> m;       // outputs, latest first
  std::vector<double> lambda;  // where they were found
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Prediction prediction = run.predict(x, at);
    m.insert(m.begin(), solved_output(prediction, options.solved_for));
    lambda.insert(lambda.begin(), from.lambda());
    if (m.size() > 3) m.resize(3), lambda.resize(3);

    const int order = order_of_step(run, i, m.size());
    const ExponentialWeights w = exponential_weights(from, to, options.solved_for, options.eta);
    std::vector<std::pair<double, Tensor>> terms = {{w.x, x}, {w.d0, m[0]}};
    const double h = to.lambda() - lambda[0];
    if (order == 2) {
      const double weight = w.first_difference(options.solver_type) * h / (lambda[0] - lambda[1]);
      terms.insert(terms.end(), {{weight, m[0]}, {-weight, m[1]}});
    } else if (order == 3) {
      const double r0 = (lambda[0] - lambda[1]) / h, r1 = (lambda[1] - lambda[2]) / h;
      const Tensor d1_0 = weighted_sum({{1.0 / r0, m[0]}, {-1.0 / r0, m[1]}});
      const Tensor d1_1 = weighted_sum({{1.0 / r1, m[1]}, {-1.0 / r1, m[2]}});
      const double curve =
          w.d1 * r0 / (r0 + r1) + w.d2 / (r0 + r1);  // D1 = d1_0 + r0 D2, D2 = (d1_0 - d1_1) / (r0 + r1)
      terms.insert(terms.end(), {{w.d1 + curve, d1_0}, {-curve, d1_1}});
    }
    x = weighted_sum(terms);
    if (options.eta > 0.0) x = run.add_noise(x, w.noise);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
