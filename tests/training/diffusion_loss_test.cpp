#include "training/losses/diffusion_loss.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

constexpr int kDraws = 20'000;

// The share of draws in each fifth of the timesteps.
std::array<double, 5> shares_of(TimestepSampling sampling) {
  const DiffusionObjective objective{.schedule = NoiseSchedule(), .timestep_sampling = sampling};
  const int total = objective.schedule.num_train_timesteps();
  std::array<double, 5> shares{};
  for (int i = 0; i < kDraws; ++i) {
    const int timestep = random_timestep(objective, 3, i / 32, i % 32);
    EXPECT_GE(timestep, 0);
    EXPECT_LT(timestep, total);
    shares[static_cast<size_t>(5 * timestep / total)] += 1.0 / kDraws;
  }
  return shares;
}

// P(sigmoid(z) < p) for standard normal z.
double logit_normal_share(double p) { return 0.5 * std::erfc(-std::log(p / (1 - p)) / std::sqrt(2.0)); }

TEST(TimestepSampling, UniformHasAllAlike) {
  for (const double share : shares_of(TimestepSampling::uniform)) EXPECT_NEAR(share, 0.2, 0.015);  // 5 deviations
}

TEST(TimestepSampling, LogitNormalPrefersTheMiddleByItsFormula) {
  const std::array<double, 5> shares = shares_of(TimestepSampling::logit_normal);
  double below = 0;
  for (size_t fifth = 0; fifth < 4; ++fifth) {
    below += shares[fifth];
    EXPECT_NEAR(below, logit_normal_share(0.2 * static_cast<double>(fifth + 1)), 0.018) << fifth;  // 5 deviations
  }
}

TEST(TimestepSampling, AnExampleHasTheSameOneInEveryProcess) {
  const DiffusionObjective objective{.schedule = NoiseSchedule(), .timestep_sampling = TimestepSampling::logit_normal};
  EXPECT_EQ(random_timestep(objective, 1, 7, 12), random_timestep(objective, 1, 7, 12));
  EXPECT_NE(random_timestep(objective, 1, 7, 12), random_timestep(objective, 1, 8, 12));
}

TEST(TimestepSampling, UnknownNameIsRefused) {
  EXPECT_EQ(parse_timestep_sampling("logit_normal"), TimestepSampling::logit_normal);
  EXPECT_THROW(parse_timestep_sampling("cosmap"), Error);
}

}  // namespace
}  // namespace easel
