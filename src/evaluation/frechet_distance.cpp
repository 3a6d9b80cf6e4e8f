#include "evaluation/frechet_distance.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using EigenSolver = Eigen::SelfAdjointEigenSolver<Matrix>;

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[frechet] " + what); }

Eigen::Map<const Matrix> covariance(const GaussianStatistics& statistics) {
  const auto channels = static_cast<Eigen::Index>(statistics.mean.size());
  return {statistics.covariance.data(), channels, channels};
}

// Eigenvalues that rounding made negative count as 0.
Eigen::ArrayXd root_eigenvalues(const EigenSolver& eigen) { return eigen.eigenvalues().array().max(0.0).sqrt(); }

Matrix square_root(const Matrix& symmetric) {
  const EigenSolver eigen(symmetric);
  return eigen.eigenvectors() * root_eigenvalues(eigen).matrix().asDiagonal() * eigen.eigenvectors().transpose();
}

}  // namespace

GaussianStatistics gaussian_statistics(const Tensor& features) {
  if (features.rank() != 2 || features.dim(0) < 2)
    fail("features " + features.shape().to_string() + "; must be [N, C] of at least two pictures");
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Matrix values = Eigen::Map<const Rows>(features.f32(), features.dim(0), features.dim(1)).cast<double>();
  const Eigen::RowVectorXd mean = values.colwise().mean();
  const Matrix centred = values.rowwise() - mean;
  const Matrix covariance = centred.transpose() * centred / static_cast<double>(values.rows() - 1);
  return {.mean = {mean.begin(), mean.end()}, .covariance = {covariance.data(), covariance.data() + covariance.size()}};
}

double frechet_distance(const GaussianStatistics& a, const GaussianStatistics& b) {
  if (a.mean.size() != b.mean.size())
    fail(std::to_string(a.mean.size()) + " and " + std::to_string(b.mean.size()) + " features; must be equally many");
  if (!covariance(a).allFinite() || !covariance(b).allFinite()) fail("features that are not finite");
  double distance = covariance(a).trace() + covariance(b).trace();
  for (size_t i = 0; i < a.mean.size(); ++i) distance += (a.mean[i] - b.mean[i]) * (a.mean[i] - b.mean[i]);
  const Matrix root = square_root(covariance(a));
  distance -= 2 * root_eigenvalues(EigenSolver(root * covariance(b) * root, Eigen::EigenvaluesOnly)).sum();
  return std::max(0.0, distance);
}

}  // namespace easel
