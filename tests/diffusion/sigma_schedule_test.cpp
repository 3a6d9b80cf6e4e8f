#include "diffusion/sigma_schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "diffusion/beta_distribution.h"
#include "easel/error.h"

namespace easel {
namespace {

TEST(SigmaSchedules, FallStrictlyToZeroForEveryNumberOfSteps) {
  const NoiseSchedule schedule;
  for (const SigmaScheduleInfo& info : sigma_schedules()) {
    for (int n : {1, 2, 3, 7, 20, 50}) {
      const std::vector<double> sigmas = make_sigmas(info, n, schedule);
      ASSERT_GE(sigmas.size(), 2u) << info.name;
      EXPECT_EQ(sigmas.back(), 0.0) << info.name;
      for (size_t i = 1; i < sigmas.size(); ++i) EXPECT_LT(sigmas[i], sigmas[i - 1]) << info.name << " of " << n;
      EXPECT_TRUE(std::isfinite(sigmas.front())) << info.name;
      if (std::string_view(info.name) != "ddim_uniform" && std::string_view(info.name) != "beta") {
        EXPECT_EQ(sigmas.size(), static_cast<size_t>(n) + 1) << info.name;
      }
    }
  }
}

TEST(SigmaSchedules, AlignYourStepsGivesItsTableAtElevenLevels) {
  const std::vector<double> sigmas = make_sigmas(find_sigma_schedule("ays"), 11, NoiseSchedule());
  EXPECT_NEAR(sigmas[0], 14.615, 1e-9);
  EXPECT_NEAR(sigmas[4], 1.886, 1e-9);
  EXPECT_NEAR(sigmas[10], 0.029, 1e-9);
}

TEST(SigmaSchedules, LinearQuadraticIsContinuousWhereItBends) {
  const std::vector<double> sigmas = make_sigmas(find_sigma_schedule("linear_quadratic"), 40, NoiseSchedule());
  const double scale = sigmas[0];
  EXPECT_NEAR(sigmas[20] / scale, 1.0 - 0.025, 1e-9);
  EXPECT_NEAR((sigmas[19] - sigmas[20]) / scale, 0.025 / 20, 1e-9);
}

TEST(SigmaSchedules, RangeCanBeGiven) {
  SigmaScheduleOptions options;
  options.sigma_min = 0.1;
  options.sigma_max = 5.0;
  const std::vector<double> sigmas = make_sigmas(find_sigma_schedule("karras"), 5, NoiseSchedule(), options);
  EXPECT_NEAR(sigmas[0], 5.0, 1e-12);
  EXPECT_NEAR(sigmas[4], 0.1, 1e-12);
  options.sigma_max = 0.05;
  EXPECT_THROW(make_sigmas(find_sigma_schedule("karras"), 5, NoiseSchedule(), options), Error);
}

TEST(SigmaSchedules, AreFoundByNameLabelAndAlias) {
  EXPECT_STREQ(find_sigma_schedule("SGM Uniform").name, "sgm_uniform");
  EXPECT_STREQ(find_sigma_schedule("SGMUniform").name, "sgm_uniform");
  EXPECT_STREQ(find_sigma_schedule("normal").name, "discrete");
  EXPECT_STREQ(find_sigma_schedule("align_your_steps").name, "ays");
  try {
    find_sigma_schedule("wobbly");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("karras"), std::string::npos) << error.what();
  }
}

TEST(SpacedTimesteps, FollowTheThreeSpacings) {
  const auto spaced = [](TimestepSpacing spacing, int offset) {
    return spaced_timesteps({spacing, 4, 1000, 1000, offset, false});
  };
  EXPECT_EQ(spaced(TimestepSpacing::leading, 1), (std::vector<double>{751, 501, 251, 1}));
  EXPECT_EQ(spaced(TimestepSpacing::linspace, 0), (std::vector<double>{999, 666, 333, 0}));
  EXPECT_EQ(spaced(TimestepSpacing::trailing, 0), (std::vector<double>{999, 749, 499, 249}));
}

TEST(SpacedTimesteps, RefuseStepsOutOfRangeAndStayInTheTable) {
  EXPECT_THROW(spaced_timesteps({TimestepSpacing::leading, 0, 1000, 1000, 0, false}), Error);
  EXPECT_THROW(spaced_timesteps({TimestepSpacing::leading, 1001, 1000, 1000, 0, false}), Error);
  EXPECT_THROW(spaced_timesteps({TimestepSpacing::linspace, 1000, 1000, 1000, 0, true}), Error);
  for (double t : spaced_timesteps({TimestepSpacing::leading, 4, 1000, 1000, 5000, false})) EXPECT_LE(t, 999);
  for (double t : spaced_timesteps({TimestepSpacing::leading, 4, 1000, 1000, -5000, false})) EXPECT_GE(t, 0);
}

TEST(UniformTimesteps, AreMoreThanAskedWhereTheCountDoesNotDivide) {
  EXPECT_EQ(uniform_timesteps(5, 1000), (std::vector<int>{801, 601, 401, 201, 1}));
  EXPECT_EQ(uniform_timesteps(6, 1000).size(), 7u);
}

TEST(BetaQuantile, InvertsKnownDistributions) {
  EXPECT_NEAR(beta_quantile(0.3, 1.0, 1.0), 0.3, 1e-10);                                // uniform
  EXPECT_NEAR(beta_quantile(0.25, 2.0, 1.0), 0.5, 1e-10);                               // I_x = x^2
  EXPECT_NEAR(beta_quantile(0.2, 0.5, 0.5), std::pow(std::sin(M_PI * 0.1), 2), 1e-10);  // arcsine
  EXPECT_NEAR(beta_quantile(0.9, 0.6, 0.6), 1.0 - beta_quantile(0.1, 0.6, 0.6), 1e-10);
}

}  // namespace
}  // namespace easel
