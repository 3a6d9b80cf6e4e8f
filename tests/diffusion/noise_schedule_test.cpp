#include "diffusion/noise_schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

TEST(NoiseSchedule, TimestepAndSigmaAreInverse) {
  const NoiseSchedule schedule;
  for (double t : {0.0, 0.5, 17.25, 500.0, 998.9, 999.0})
    EXPECT_NEAR(schedule.timestep_at(schedule.sigma_at(t)), t, 1e-8);
  EXPECT_EQ(schedule.timestep_at(schedule.sigma_max() * 2), 999.0);
  EXPECT_EQ(schedule.timestep_at(0.0), 0.0);
  EXPECT_EQ(schedule.nearest_timestep(schedule.sigma_at(41.6)), 42);
  EXPECT_EQ(schedule.nearest_timestep(schedule.sigma_at(41.4)), 41);
}

TEST(NoiseSchedule, StableDiffusionEndsWhereThePublishedOneDoes) {
  const NoiseSchedule schedule;
  EXPECT_NEAR(schedule.sigma_max(), 14.6146, 1e-4);
  EXPECT_NEAR(schedule.sigma_min(), 0.0292, 1e-4);
}

TEST(NoiseSchedule, LevelsPreserveVariance) {
  const NoiseSchedule schedule;
  for (int t : {0, 250, 999})
    EXPECT_DOUBLE_EQ(std::pow(schedule.level(t).alpha, 2) + std::pow(schedule.level(t).sigma, 2), 1.0);
}

TEST(NoiseSchedule, ZeroTerminalSnrKeepsTheFirstAndEndsAtZero) {
  const std::vector<double> table =
      make_alphas_cumprod(make_betas({1000, 0.00085, 0.012, BetaSchedule::scaled_linear}));
  const std::vector<double> rescaled = rescale_zero_terminal_snr(table);
  EXPECT_DOUBLE_EQ(rescaled.front(), table.front());
  EXPECT_EQ(rescaled.back(), 0.0);
  for (size_t t = 1; t < rescaled.size(); ++t) EXPECT_LT(rescaled[t], rescaled[t - 1]);
  EXPECT_TRUE(std::isinf(NoiseSchedule(rescaled).level(999).relative_sigma()));
}

TEST(NoiseSchedule, CosineBetasGrowToTheirCap) {
  const std::vector<double> betas = make_betas({1000, 0.0, 0.0, BetaSchedule::squaredcos_cap_v2});
  EXPECT_GT(betas[0], 0.0);
  EXPECT_EQ(betas[999], 0.999);
  for (size_t t = 1; t < betas.size(); ++t) EXPECT_GE(betas[t], betas[t - 1]);
}

TEST(NoiseSchedule, RefusesBadInput) {
  EXPECT_THROW(make_betas({1, 0.1, 0.2, BetaSchedule::linear}), Error);
  EXPECT_THROW(make_alphas_cumprod({0.1, 1.5}), Error);
  EXPECT_THROW(make_alphas_cumprod({0.1, std::nan("")}), Error);
  EXPECT_THROW(NoiseSchedule({0.5}), Error);
  EXPECT_THROW(parse_beta_schedule("cosine"), Error);
}

}  // namespace
}  // namespace easel
