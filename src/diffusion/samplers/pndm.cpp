// Pseudo numerical methods: Liu et al. 2022, arXiv:2202.09778.
#include <vector>

#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"
#include "ops/ops.h"

namespace easel {
namespace {

// Raw network outputs are combined, so that a v-predicting network's are turned into eps once, at `from`.
class PseudoStepper {
 public:
  // Pseudo Runge-Kutta, eq. 13 and Algorithm 2: four calls make a step. Only its first output enters the history.
  Tensor runge_kutta(int call, const Tensor& output, const Tensor& x) {
    static constexpr double kWeights[] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
    const int stage = call % 4;
    if (stage == 0) {
      history_.insert(history_.begin(), output);
      base_ = x;
      sum_ = zeros_like(x);
    }
    sum_ = weighted_sum({{1.0, sum_}, {kWeights[stage], output}});
    return stage == 3 ? sum_ : output;
  }

  // Pseudo linear multistep, eq. 12; the first two calls are a pseudo improved Euler step.
  Tensor linear_multistep(int call, const Tensor& output, const Tensor& x) {
    if (call == 1) return weighted_sum({{0.5, output}, {0.5, history_[0]}});  // base_ stays
    base_ = x;
    history_.insert(history_.begin(), output);
    if (history_.size() > 4) history_.resize(4);
    switch (history_.size()) {
      case 1: return output;
      case 2: return combine({3.0 / 2, -1.0 / 2});
      case 3: return combine({23.0 / 12, -16.0 / 12, 5.0 / 12});
      default: return combine({55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24});
    }
  }

  const Tensor& base() const { return base_; }

 private:
  Tensor combine(const std::vector<double>& weights) const {
    std::vector<std::pair<double, Tensor>> terms;
    for (size_t j = 0; j < weights.size(); ++j) terms.emplace_back(weights[j], history_[j]);
    return weighted_sum(terms);
  }

  std::vector<Tensor> history_;  // latest first
  Tensor base_, sum_;
};

}  // namespace

// One planned step is one network call (scheduler_config.h lays them out): the sample that a group of calls started
// from is moved from `from` to `to` with the combined output. Options: runge_kutta_calls.
Tensor sample_pndm(SamplerRun& run, Tensor x) {
  PseudoStepper stepper;
  const int runge_kutta_calls = run.options().runge_kutta_calls;
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    const Tensor output = run.denoiser().network_output(x, at);
    const int call = i - run.begin();
    const Tensor combined =
        call < runge_kutta_calls ? stepper.runge_kutta(call, output, x) : stepper.linear_multistep(call, output, x);
    const Prediction prediction = run.denoiser().interpret(combined, stepper.base(), from);
    x = step_to(prediction, to);
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
