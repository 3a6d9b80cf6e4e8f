#include "training/lr_schedule.h"

#include <gtest/gtest.h>

#include <vector>

#include "easel/error.h"

namespace easel {
namespace {

void expect_factors(const LrSchedule& schedule, const std::vector<double>& factors) {
  for (size_t step = 0; step < factors.size(); ++step)
    EXPECT_NEAR(schedule.factor(static_cast<int64_t>(step)), factors[step], 1e-12) << "step " << step;
}

// All values by hand.
TEST(LrSchedule, ConstantKnowsNoWarmup) {
  expect_factors({LrScheduleKind::constant, 4, 10}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
}

TEST(LrSchedule, ConstantWithWarmupRisesThenStays) {
  expect_factors({LrScheduleKind::constant_with_warmup, 4, 6}, {0, 0.25, 0.5, 0.75, 1, 1, 1, 1});
}

TEST(LrSchedule, LinearFallsToZeroAtTheEnd) {
  expect_factors({LrScheduleKind::linear, 2, 10}, {0, 0.5, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0, 0});
}

TEST(LrSchedule, CosineFallsToZeroAtTheEnd) {
  const double half_root = 0.70710678118654752440;  // cos(pi / 4)
  expect_factors({LrScheduleKind::cosine, 2, 6}, {0, 0.5, 1, (1 + half_root) / 2, 0.5, (1 - half_root) / 2, 0, 0});
}

TEST(LrSchedule, NoWarmupStartsAtTheTop) {
  expect_factors({LrScheduleKind::cosine, 0, 2}, {1, 0.5, 0});
  expect_factors({LrScheduleKind::linear, 0, 1}, {1, 0});
}

// A warm-up longer than the training never divides by zero.
TEST(LrSchedule, WarmupMayOutlastTheTraining) {
  expect_factors({LrScheduleKind::cosine, 4, 4}, {0, 0.25, 0.5, 0.75, 0});
}

TEST(LrSchedule, NamesAreTheOnesOfTheTable) {
  EXPECT_EQ(parse_lr_schedule("cosine"), LrScheduleKind::cosine);
  EXPECT_THROW(parse_lr_schedule("cosin"), Error);
}

}  // namespace
}  // namespace easel
