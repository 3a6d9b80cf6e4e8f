#include "training/frechet_distance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "easel/error.h"
#include "ops/random_tensor.h"

namespace easel {
namespace {

SquareMatrix random_symmetric(int64_t n, uint32_t seed) {
  const Tensor values = random_tensor({n, n}, seed);
  SquareMatrix matrix(n);
  for (int64_t row = 0; row < n; ++row)
    for (int64_t column = 0; column < n; ++column)
      matrix.at(row, column) = values.f32()[std::min(row, column) * n + std::max(row, column)];
  return matrix;
}

GaussianStatistics gaussian(const std::vector<double>& mean, const std::vector<double>& covariance) {
  GaussianStatistics statistics{.mean = mean, .covariance = SquareMatrix(static_cast<int64_t>(mean.size()))};
  statistics.covariance.values = covariance;
  return statistics;
}

TEST(SymmetricEigen, ValuesAndVectorsSatisfyTheDefinition) {
  const SquareMatrix matrix = random_symmetric(33, 4);
  const SymmetricEigen eigen = symmetric_eigen(matrix);
  for (int64_t i = 0; i < 33; ++i)
    for (int64_t row = 0; row < 33; ++row) {
      double product = 0;
      for (int64_t column = 0; column < 33; ++column) product += matrix.at(row, column) * eigen.vectors.at(i, column);
      ASSERT_NEAR(product, eigen.values[static_cast<size_t>(i)] * eigen.vectors.at(i, row), 1e-12);
    }
}

TEST(SymmetricEigen, EigenvectorsAreOrthonormalAlsoForRepeatedValues) {
  SquareMatrix matrix(6);  // rank 1: five eigenvalues are 0
  for (double& value : matrix.values) value = 0.5;
  const SymmetricEigen eigen = symmetric_eigen(matrix);
  for (int64_t i = 0; i < 6; ++i)
    for (int64_t j = 0; j < 6; ++j) {
      double product = 0;
      for (int64_t c = 0; c < 6; ++c) product += eigen.vectors.at(i, c) * eigen.vectors.at(j, c);
      EXPECT_NEAR(product, i == j ? 1.0 : 0.0, 1e-14);
    }
}

TEST(FrechetDistance, OfOneDimensionIsTheClosedForm) {
  // (m1 - m2)^2 + (s1 - s2)^2 with standard deviations 2 and 5
  EXPECT_NEAR(frechet_distance(gaussian({1}, {4}), gaussian({4}, {25})), 9.0 + 9.0, 1e-12);
}

// C2 = 9 C1 has the root 3 C1, so that the distance is (1 - 3)^2 Tr C1, whatever C1 is.
TEST(FrechetDistance, OfScaledCorrelatedGaussiansIsTheClosedForm) {
  const std::vector<double> covariance{2, 1, 1, 3}, larger{18, 9, 9, 27};
  EXPECT_NEAR(frechet_distance(gaussian({0, 0}, covariance), gaussian({0, 0}, larger)), 4 * 5.0, 1e-11);
}

// Covariances that do not commute: the eigenvalues of C1 C2 = [[2, 2], [1, 4]] are 3 ± sqrt(3).
TEST(FrechetDistance, OfCovariancesThatDoNotCommuteIsTheClosedForm) {
  const double roots = std::sqrt(3 + std::sqrt(3)) + std::sqrt(3 - std::sqrt(3));
  EXPECT_NEAR(frechet_distance(gaussian({0, 0}, {2, 0, 0, 1}), gaussian({0, 1}, {1, 1, 1, 4})), 1 + 3 + 5 - 2 * roots,
              1e-11);
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

TEST(GaussianStatistics, EqualTheDefinitionAndNeedTwoPictures) {
  const GaussianStatistics statistics =
      gaussian_statistics(Tensor::from({3, 2}, std::vector<float>{1, 10, 2, 30, 6, 20}));
  EXPECT_EQ(statistics.mean, (std::vector<double>{3, 20}));
  EXPECT_NEAR(statistics.covariance.at(0, 0), 7.0, 1e-12);    // (4 + 1 + 9) / 2
  EXPECT_NEAR(statistics.covariance.at(1, 1), 100.0, 1e-12);  // (100 + 100 + 0) / 2
  EXPECT_NEAR(statistics.covariance.at(0, 1), 5.0, 1e-12);    // (20 - 10 + 0) / 2
  EXPECT_THROW(gaussian_statistics(Tensor::zeros({1, 2})), Error);
}

}  // namespace
}  // namespace easel
