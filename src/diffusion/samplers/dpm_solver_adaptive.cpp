// DPM-Solver with its own choice of levels: a given number of calls ("fast"), or a given error ("adaptive").
// Lu et al. 2022, arXiv:2206.00927. Both use only the range of the plan's levels, not the levels between.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "diffusion/samplers/exponential_integrator.h"
#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"
#include "easel/error.h"
#include "ops/ops.h"

namespace easel {
namespace {

// One singlestep of noise prediction. Outputs of earlier calls are shared between the orders.
class SinglestepSolver {
 public:
  SinglestepSolver(SamplerRun& run, const Tensor& x, const NoiseLevel& from) : run_(run), x_(x), from_(from) {
    first_ = run.predict(x, from);
  }
  const Prediction& first() const { return first_; }

  // DPM-Solver-1, eq. 3.7.
  Tensor first_order(const NoiseLevel& to) const { return advance(to, {}, 0.0); }

  // DPM-Solver-2, Algorithm 4, with the inner point at r1 of the step in lambda.
  Tensor second_order(const NoiseLevel& to, double r1) {
    const Tensor& eps_r1 = inner_eps(to, r1);
    const ExponentialWeights w = weights(from_, to);
    return advance(to, eps_r1, w.d1_midpoint / r1);
  }

  // DPM-Solver-3, Algorithm 5, inner points at r1 and r2.
  Tensor third_order(const NoiseLevel& to, double r1, double r2) {
    const Tensor& eps_r1 = inner_eps(to, r1);
    const NoiseLevel s2 = between(to, r2);
    const Tensor u2 = advance(s2, eps_r1, weights(from_, s2).d1 * r2 / r1);
    const Tensor eps_r2 = run_.predict(u2, s2).eps;
    return advance(to, eps_r2, weights(from_, to).d1 / r2);
  }

 private:
  static ExponentialWeights weights(const NoiseLevel& from, const NoiseLevel& to) {
    return exponential_weights(from, to, SolvedFor::eps, 0.0);
  }
  NoiseLevel between(const NoiseLevel& to, double r) const {
    return run_.level_at(to.alpha, std::exp(-std::lerp(from_.lambda(), to.lambda(), r)));
  }
  // The first-order step plus weight * (other - first eps).
  Tensor advance(const NoiseLevel& to, const Tensor& other, double weight) const {
    const ExponentialWeights w = weights(from_, to);
    if (!other.defined()) return weighted_sum({{w.x, x_}, {w.d0, first_.eps}});
    return weighted_sum({{w.x, x_}, {w.d0 - weight, first_.eps}, {weight, other}});
  }
  const Tensor& inner_eps(const NoiseLevel& to, double r1) {
    const NoiseLevel s1 = between(to, r1);
    if (!inner_eps_.defined() || s1.sigma != inner_level_.sigma) {
      inner_eps_ = run_.predict(advance(s1, {}, 0.0), s1).eps;
      inner_level_ = s1;
    }
    return inner_eps_;
  }

  SamplerRun& run_;
  const Tensor x_;
  const NoiseLevel from_;
  Prediction first_;
  Tensor inner_eps_;
  NoiseLevel inner_level_;
};

// The level range to cover: from the plan's first level to its last, or, where that is free of noise (lambda would be
// infinite), to the least noise that the network was trained on.
struct LevelRange {
  NoiseLevel begin, end;
};
LevelRange range_of(const SamplerRun& run) {
  const SamplerStep& last = run.step(run.num_steps() - 1);
  const double sigma_end = std::min(last.from.relative_sigma(), run.sigma_at(0.0));
  return {run.step(run.begin()).from, last.to.sigma > 0.0 ? last.to : run.level_at(last.to.alpha, sigma_end)};
}

NoiseLevel level_at_lambda(const SamplerRun& run, double alpha, double lambda) {
  return run.level_at(alpha, std::exp(-lambda));
}

// What noise leaves room for, but not below the end of the range: k-diffusion's ancestral step.
struct NoisySplit {
  NoiseLevel down;
  double sigma_up;
};
NoisySplit split_for_noise(const NoiseLevel& from, const NoiseLevel& to, double eta, const NoiseLevel& end) {
  NoiseLevel down = with_room_for_noise(to, ancestral_sigma(from, to, eta));
  down.sigma = std::max(down.sigma, std::min(end.relative_sigma() * down.alpha, to.sigma));
  return {down, std::sqrt(std::max(0.0, to.sigma * to.sigma - down.sigma * down.sigma))};
}

// Proportional-integral-derivative control of the step size (Söderlind 2003, doi:10.1145/641876.641877) as k-diffusion
// sets it for this solver: integral only.
class StepSizeController {
 public:
  StepSizeController(double h, double order) : h_(h), exponent_(1.0 / order) {}
  double h() const { return h_; }

  bool accept(double error) {
    constexpr double kSmallestError = 1e-8, kSafety = 0.81;
    const double factor = 1.0 + std::atan(std::pow(1.0 / (error + kSmallestError), exponent_) - 1.0);
    h_ *= factor;
    return factor >= kSafety;
  }

 private:
  double h_, exponent_;
};

}  // namespace

// Section 3.4, "DPM-Solver-fast": as many steps of order 3 as the calls allow, the rest of lower order, at equal steps
// of lambda. The number of calls is the plan's number of steps. Options: eta, s_noise.
Tensor sample_dpm_fast(SamplerRun& run, Tensor x) {
  const int calls = run.num_steps() - run.begin(), groups = calls / 3 + 1;
  const auto [begin, end] = range_of(run);
  NoiseLevel from = begin;
  for (int group = 0; group < groups; ++group) {
    const double fraction = (group + 1.0) / groups;
    const NoiseLevel to =
        group + 1 == groups ? end : level_at_lambda(run, end.alpha, std::lerp(begin.lambda(), end.lambda(), fraction));
    // Calls left for the last two groups: 2 and 1 where 3 divides the calls, else 3 and the remainder.
    int order = 3;
    if (group == groups - 1) order = calls % 3 == 0 ? 1 : calls % 3;
    if (group == groups - 2 && calls % 3 == 0) order = 2;

    const auto [down, sigma_up] = split_for_noise(from, to, run.options().eta, end);
    SinglestepSolver solver(run, x, from);
    if (order == 1) x = solver.first_order(down);
    if (order == 2) x = solver.second_order(down, 1.0 / 2);
    if (order == 3) x = solver.third_order(down, 1.0 / 3, 2.0 / 3);
    x = run.add_noise(x, sigma_up);
    const int taken = std::min(run.begin() + 3 * (group + 1), run.num_steps()) - 1;
    run.finish_step(taken, {from, from, to}, x, solver.first().denoised);
    from = to;
  }
  return x;
}

// Appendix C.4, "Adaptive step size DPM-Solver" (orders 12 and 23): a step is kept where the difference of two orders
// is within rtol and atol. Reports the plan's steps in proportion to the way done. Options: order (2 or 3), eta,
// s_noise, rtol, atol, h_init.
Tensor sample_dpm_adaptive(SamplerRun& run, Tensor x) {
  const SamplerOptions& options = run.options();
  constexpr int kMostSteps = 10'000;  // rejected ones included: an error that never falls must end
  const auto [begin, end] = range_of(run);
  const double end_lambda = end.lambda();
  // Noise lowers the order that the error estimate sees; 1.5 is k-diffusion's figure.
  StepSizeController controller(options.h_init, options.eta > 0.0 ? 1.5 : options.order);
  Tensor previous = x;
  NoiseLevel from = begin;
  for (int steps = 0; from.lambda() < end_lambda - 1e-5; ++steps) {
    if (steps == kMostSteps)
      throw Error(ErrorCode::Unsupported,
                  "[dpm_adaptive] no end after " + std::to_string(kMostSteps) + " steps; raise rtol or atol");
    const double lambda = std::min(end_lambda, from.lambda() + controller.h());
    const NoiseLevel to = level_at_lambda(run, end.alpha, lambda);
    const auto [down, sigma_up] = split_for_noise(from, to, options.eta, end);
    SinglestepSolver solver(run, x, from);
    const Tensor low = options.order == 2 ? solver.first_order(down) : solver.second_order(down, 1.0 / 3);
    const Tensor high =
        options.order == 2 ? solver.second_order(down, 1.0 / 2) : solver.third_order(down, 1.0 / 3, 2.0 / 3);
    if (!controller.accept(error_norm(low, high, previous, options.rtol, options.atol))) continue;
    previous = low;
    x = run.add_noise(high, sigma_up);
    const double done = (lambda - begin.lambda()) / (end_lambda - begin.lambda());
    const int index = run.begin() + static_cast<int>(done * (run.num_steps() - run.begin() - 1));
    run.finish_step(index, {from, from, to}, x, solver.first().denoised);
    from = to;
  }
  return x;
}

}  // namespace easel
