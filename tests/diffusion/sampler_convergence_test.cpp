// Every sampler against the exact solution for Gaussian data: deterministic ones at their order, stochastic ones in
// distribution.
#include <gtest/gtest.h>

#include <cmath>

#include "diffusion/gaussian_data.h"
#include "diffusion/sampler_registry.h"
#include "easel/error.h"
#include "tolerances.h"

namespace easel {
namespace {

constexpr double kSigmaBegin = 10.0, kSigmaEnd = 0.1;

Tensor start() { return Tensor::from({4}, std::vector<float>{-12.0f, -3.0f, 2.0f, 9.0f}); }

double error_of(const std::string& sampler, int n) {
  const GaussianData data;
  SamplingPlan plan = plan_between(sampler, n, kSigmaBegin, kSigmaEnd);
  plan.options.eta = 0.0;
  plan.options.lower_order_final = false;
  ReplayNoise no_noise({});
  const Tensor x = sample(plan, data.network(), start(), no_noise);
  const Tensor exact = data.exact(start(), plan.steps.front().from, plan.steps.back().to);
  double largest = 0.0;
  for (size_t i = 0; i < x.span().size(); ++i)
    largest = std::max(largest, static_cast<double>(std::fabs(x.span()[i] - exact.span()[i])));
  return largest;
}

struct Order {
  const char* sampler;
  double order;
};

class DeterministicSampler : public testing::TestWithParam<Order> {};

// Twice the steps must divide the error by 2^order; half an order is left to the terms of higher order.
TEST_P(DeterministicSampler, ConvergesToTheExactSolutionAtItsOrder) {
  const auto [sampler, order] = GetParam();
  const double coarse = error_of(sampler, 24), fine = error_of(sampler, 48);
  EXPECT_GT(std::log2(coarse / fine), order - 0.5) << "errors " << coarse << " and " << fine;
  EXPECT_LT(fine, 0.5);
}

INSTANTIATE_TEST_SUITE_P(All, DeterministicSampler,
                         testing::Values(Order{"euler", 1}, Order{"ddim", 1}, Order{"euler_ancestral", 1},
                                         Order{"heun", 2}, Order{"dpm_2", 2}, Order{"dpm_2_ancestral", 2},
                                         Order{"lms", 2}, Order{"ipndm", 1}, Order{"ipndm_v", 2}, Order{"pndm", 1},
                                         Order{"dpmpp_2m", 2}, Order{"dpmpp_3m", 2}, Order{"dpm_solver_2m", 2},
                                         Order{"res_multistep", 2}, Order{"dpmpp_2s", 2}, Order{"dpmpp_3s", 3},
                                         Order{"dpmpp_2s_ancestral", 2}, Order{"dpmpp_sde", 2}, Order{"dpm_fast", 2},
                                         Order{"deis", 2}, Order{"uni_pc", 3}, Order{"uni_pc_bh2", 3}),
                         [](const auto& parameter) { return std::string(parameter.param.sampler); });

// What a plan makes of noise, its inversion leads back to that noise.
TEST(Inversion, IsTheInverseOfTheRun) {
  const GaussianData data;
  for (const char* sampler : {"ddim", "euler"}) {
    const SamplingPlan plan = plan_between(sampler, 24, kSigmaBegin, kSigmaEnd);
    ReplayNoise no_noise({});
    const Tensor made = sample(plan, data.network(), start(), no_noise);
    int steps = 0;
    const Tensor noise = sample(inverted_plan(plan), data.network(), made, no_noise, [&](StepInfo&) { ++steps; });
    EXPECT_EQ(steps, 24);
    for (size_t i = 0; i < noise.span().size(); ++i)
      EXPECT_NEAR(noise.span()[i], start().span()[i], 0.02 * kSigmaBegin) << sampler;
  }
}

TEST(Inversion, RefusesRunsThatCannotBeLedBack) {
  for (const char* sampler : {"dpmpp_2m", "heun", "euler_ancestral", "ddpm"})
    EXPECT_THROW(inverted_plan(plan_between(sampler, 4, kSigmaBegin, kSigmaEnd)), Error) << sampler;
}

TEST(DpmAdaptive, ReachesTheExactSolutionWithinItsTolerance) {
  const GaussianData data;
  SamplingPlan plan = plan_between("dpm_adaptive", 10, kSigmaBegin, kSigmaEnd);
  plan.options.rtol = 1e-3;
  plan.options.atol = 1e-4;
  ReplayNoise no_noise({});
  const Tensor x = sample(plan, data.network(), start(), no_noise);
  const Tensor exact = data.exact(start(), plan.steps.front().from, plan.steps.back().to);
  for (size_t i = 0; i < x.span().size(); ++i) EXPECT_NEAR(x.span()[i], exact.span()[i], 0.01);
}

class StochasticSampler : public testing::TestWithParam<const char*> {};

// From the exact distribution at sigma = 10 the samples must come out distributed as the data.
TEST_P(StochasticSampler, KeepsMeanAndDeviationOfTheData) {
  const GaussianData data;
  constexpr int64_t kSamples = 5'000;  // standard error of the mean: 0.007, of the deviation: 0.005
  SamplingPlan plan = plan_between(GetParam(), 150, kSigmaBegin, 0.01);
  TorchNoise noise(7);
  Tensor x = noise.draw({kSamples});
  for (float& value : x.span()) value = static_cast<float>(data.mean + value * data.deviation_at(plan.start_level()));
  x = sample(plan, data.network(), x, noise);
  double mean = 0.0, squares = 0.0;
  for (float value : x.span()) mean += value / static_cast<double>(kSamples);
  for (float value : x.span()) squares += (value - mean) * (value - mean);
  EXPECT_NEAR(mean, data.mean, 0.02);
  EXPECT_NEAR(std::sqrt(squares / kSamples), data.deviation, 0.03);
}

INSTANTIATE_TEST_SUITE_P(All, StochasticSampler,
                         testing::Values("euler_ancestral", "dpm_2_ancestral", "dpmpp_2s_ancestral", "dpmpp_sde",
                                         "dpmpp_2m_sde", "dpmpp_2m_sde_heun", "dpmpp_3m_sde", "ddpm"),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST(EulerSampler, KeepsTheDistributionWithChurn) {
  const GaussianData data;
  constexpr int64_t kSamples = 5'000;  // standard error of the deviation: 0.005
  SamplingPlan plan = plan_between("euler", 400, kSigmaBegin, 0.01);
  plan.options.s_churn = 20.0;
  TorchNoise noise(8);
  Tensor x = noise.draw({kSamples});
  for (float& value : x.span()) value = static_cast<float>(data.mean + value * data.deviation_at(plan.start_level()));
  x = sample(plan, data.network(), x, noise);
  double squares = 0.0;
  for (float value : x.span()) squares += (value - data.mean) * (value - data.mean);
  EXPECT_NEAR(std::sqrt(squares / kSamples), data.deviation, 0.03);
}

}  // namespace
}  // namespace easel
