// Numbers that operations give to the host.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "easel/error.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"

namespace easel {
namespace {

TEST(AllFinite, SeesOneBadElementAnywhere) {
  constexpr int64_t kCount = 50001;  // several blocks and a tail
  for (const int64_t at : {int64_t{0}, int64_t{20000}, kCount - 1})
    for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
      const Tensor x = random_tensor({kCount}, 1);
      EXPECT_TRUE(all_finite(x));
      x.f32()[at] = bad;
      EXPECT_FALSE(all_finite(x)) << at;
    }
}

TEST(RowDeviations, AreUnbiasedAndByRow) {
  const std::vector<float> values{1, 2, 3, 4, 10, 10, 10, 10};
  const std::vector<double> deviations = row_deviations(Tensor::from({2, 2, 2}, values));
  ASSERT_EQ(deviations.size(), 2u);
  EXPECT_DOUBLE_EQ(deviations[0], std::sqrt(5.0 / 3));
  EXPECT_DOUBLE_EQ(deviations[1], 0.0);
  EXPECT_THROW(row_deviations(Tensor::zeros({3, 1})), Error);
}

TEST(RowQuantiles, LieBetweenOrderStatistics) {
  const std::vector<float> values{4, 1, 3, 2, 8, 8, 0, 8};
  const Tensor x = Tensor::from({2, 4}, values);
  EXPECT_EQ(row_quantiles(x, 0.0), (std::vector<double>{1, 0}));
  EXPECT_EQ(row_quantiles(x, 1.0), (std::vector<double>{4, 8}));
  EXPECT_EQ(row_quantiles(x, 0.5), (std::vector<double>{2.5, 8}));
  EXPECT_DOUBLE_EQ(row_quantiles(x, 0.25)[1], 6.0);
  EXPECT_THROW(row_quantiles(x, 1.5), Error);
}

TEST(ErrorNorm, ScalesByTheLargerOfTwoSizes) {
  const std::vector<float> a{2, 0}, b{1, 1}, x{4, 0};
  // (2 - 1) / (0.5 * 4) and (0 - 1) / 0.1, the least tolerance
  EXPECT_NEAR(error_norm(Tensor::from({1, 2}, a), Tensor::from({1, 2}, b), Tensor::from({1, 2}, x), 0.5, 0.1),
              std::sqrt((0.25 + 100.0) / 2), 1e-12);
}

}  // namespace
}  // namespace easel
