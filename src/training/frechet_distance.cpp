#include "training/frechet_distance.h"

#include <algorithm>
#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[frechet] " + what); }

// The symmetric root of a covariance; eigenvalues that rounding made negative count as 0.
SquareMatrix square_root(const SquareMatrix& covariance) {
  const SymmetricEigen eigen = symmetric_eigen(covariance);
  SquareMatrix scaled = eigen.vectors, transposed(covariance.n);
  for (int64_t i = 0; i < covariance.n; ++i)
    for (int64_t c = 0; c < covariance.n; ++c) {
      scaled.at(i, c) *= std::sqrt(std::max(0.0, eigen.values[static_cast<size_t>(i)]));
      transposed.at(c, i) = eigen.vectors.at(i, c);
    }
  return product(transposed, scaled);
}

double trace(const SquareMatrix& matrix) {
  double sum = 0;
  for (int64_t i = 0; i < matrix.n; ++i) sum += matrix.at(i, i);
  return sum;
}

}  // namespace

GaussianStatistics gaussian_statistics(const Tensor& features) {
  if (features.rank() != 2 || features.dim(0) < 2)
    fail("features " + features.shape().to_string() + "; must be [N, C] of at least two pictures");
  const int64_t count = features.dim(0), channels = features.dim(1);
  GaussianStatistics statistics{.mean = std::vector<double>(static_cast<size_t>(channels), 0.0),
                                .covariance = SquareMatrix(channels)};
  for (int64_t n = 0; n < count; ++n)
    for (int64_t c = 0; c < channels; ++c)
      statistics.mean[static_cast<size_t>(c)] += features.f32()[n * channels + c] / static_cast<double>(count);
  std::vector<double> centred(static_cast<size_t>(channels));
  for (int64_t n = 0; n < count; ++n) {
    for (size_t c = 0; c < centred.size(); ++c)
      centred[c] = features.f32()[n * channels + static_cast<int64_t>(c)] - statistics.mean[c];
    for (int64_t row = 0; row < channels; ++row)
      for (int64_t column = 0; column < channels; ++column)
        statistics.covariance.at(row, column) +=
            centred[static_cast<size_t>(row)] * centred[static_cast<size_t>(column)] / static_cast<double>(count - 1);
  }
  return statistics;
}

double frechet_distance(const GaussianStatistics& a, const GaussianStatistics& b) {
  if (a.mean.size() != b.mean.size())
    fail(std::to_string(a.mean.size()) + " and " + std::to_string(b.mean.size()) + " features; must be equally many");
  double distance = trace(a.covariance) + trace(b.covariance);
  for (size_t i = 0; i < a.mean.size(); ++i) distance += (a.mean[i] - b.mean[i]) * (a.mean[i] - b.mean[i]);
  const SquareMatrix root = square_root(a.covariance);
  for (double value : symmetric_eigen(product(product(root, b.covariance), root)).values)
    distance -= 2 * std::sqrt(std::max(0.0, value));
  return std::max(0.0, distance);
}

}  // namespace easel
