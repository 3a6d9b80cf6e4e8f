#include "evaluation/frechet_distance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "easel/error.h"
#include "ops/random_tensor.h"

namespace easel {
namespace {

TEST(FrechetDistance, OfOneDimensionIsTheClosedForm) {
  // (m1 - m2)^2 + (s1 - s2)^2 with standard deviations 2 and 5
  EXPECT_NEAR(frechet_distance({{1}, {4}}, {{4}, {25}}), 9.0 + 9.0, 1e-12);
}

// C2 = 9 C1 has the root 3 C1, so that the distance is (1 - 3)^2 Tr C1, whatever C1 is.
TEST(FrechetDistance, OfScaledCorrelatedGaussiansIsTheClosedForm) {
  const std::vector<double> covariance{2, 1, 1, 3}, larger{18, 9, 9, 27};
  EXPECT_NEAR(frechet_distance({{0, 0}, covariance}, {{0, 0}, larger}), 4 * 5.0, 1e-11);
}

// Covariances that do not commute: the eigenvalues of C1 C2 = [[2, 2], [1, 4]] are 3 ± sqrt(3).
TEST(FrechetDistance, OfCovariancesThatDoNotCommuteIsTheClosedForm) {
  const double roots = std::sqrt(3 + std::sqrt(3)) + std::sqrt(3 - std::sqrt(3));
  EXPECT_NEAR(frechet_distance({{0, 0}, {2, 0, 0, 1}}, {{0, 1}, {1, 1, 1, 4}}), 1 + 3 + 5 - 2 * roots, 1e-11);
}

TEST(FrechetDistance, OfASetToItselfIsZeroAndSymmetricToAnother) {
  const GaussianStatistics a = gaussian_statistics(random_tensor({50, 12}, 1));
  const GaussianStatistics b = gaussian_statistics(random_tensor({50, 12}, 2, DType::f32, 2.0f));
  EXPECT_NEAR(frechet_distance(a, a), 0.0, 1e-10);
  EXPECT_NEAR(frechet_distance(a, b), frechet_distance(b, a), 1e-9);
  EXPECT_GT(frechet_distance(a, b), 1.0);
}

// Fewer pictures than features: covariances without full rank.
TEST(FrechetDistance, ManagesSingularCovariances) {
  const GaussianStatistics a = gaussian_statistics(random_tensor({5, 12}, 1));
  EXPECT_NEAR(frechet_distance(a, a), 0.0, 1e-6);
}

TEST(FrechetDistance, RefusesWhatIsNotFiniteOrOfAnotherLength) {
  EXPECT_THROW(frechet_distance({{0}, {NAN}}, {{0}, {1}}), Error);
  EXPECT_THROW(frechet_distance({{0}, {1}}, {{0, 0}, {1, 0, 0, 1}}), Error);
}

TEST(GaussianStatistics, EqualTheDefinitionAndNeedTwoPictures) {
  const GaussianStatistics statistics =
      gaussian_statistics(Tensor::from({3, 2}, std::vector<float>{1, 10, 2, 30, 6, 20}));
  EXPECT_EQ(statistics.mean, (std::vector<double>{3, 20}));
  EXPECT_NEAR(statistics.covariance[0], 7.0, 1e-12);    // (4 + 1 + 9) / 2
  EXPECT_NEAR(statistics.covariance[3], 100.0, 1e-12);  // (100 + 100 + 0) / 2
  EXPECT_NEAR(statistics.covariance[1], 5.0, 1e-12);    // (20 - 10 + 0) / 2
  EXPECT_THROW(gaussian_statistics(Tensor::zeros({1, 2})), Error);
}

}  // namespace
}  // namespace easel
