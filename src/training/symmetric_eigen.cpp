#include "training/symmetric_eigen.h"

#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

constexpr int kMaxSweeps = 60;  // ten times what convergence takes
// Squares of what is off the diagonal, relative to all squares: below it, rounding is all that is left.
constexpr double kConverged = 1e-30;

struct Rotation {
  double c, s;
};

// The one that makes element (p, q) zero: algorithm 8.5.1.
Rotation annihilating(double pp, double pq, double qq) {
  const double tau = (qq - pp) / (2 * pq);
  const double t = (tau >= 0 ? 1.0 : -1.0) / (std::abs(tau) + std::sqrt(1 + tau * tau));
  const double c = 1 / std::sqrt(1 + t * t);
  return {c, t * c};
}

void rotate(double& a, double& b, const Rotation& r) {
  const double old_a = a;
  a = r.c * old_a - r.s * b;
  b = r.s * old_a + r.c * b;
}

void apply(SquareMatrix& matrix, SquareMatrix& vectors, int64_t p, int64_t q) {
  const Rotation rotation = annihilating(matrix.at(p, p), matrix.at(p, q), matrix.at(q, q));
  for (int64_t i = 0; i < matrix.n; ++i) rotate(matrix.at(p, i), matrix.at(q, i), rotation);
  for (int64_t i = 0; i < matrix.n; ++i) rotate(matrix.at(i, p), matrix.at(i, q), rotation);
  for (int64_t i = 0; i < matrix.n; ++i) rotate(vectors.at(p, i), vectors.at(q, i), rotation);
}

double sum_of_squares(const SquareMatrix& matrix, bool with_diagonal) {
  double sum = 0;
  for (int64_t row = 0; row < matrix.n; ++row)
    for (int64_t column = 0; column < matrix.n; ++column)
      if (with_diagonal || row != column) sum += matrix.at(row, column) * matrix.at(row, column);
  return sum;
}

}  // namespace

SquareMatrix product(const SquareMatrix& a, const SquareMatrix& b) {
  SquareMatrix result(a.n);
  for (int64_t row = 0; row < a.n; ++row)
    for (int64_t inner = 0; inner < a.n; ++inner)
      for (int64_t column = 0; column < a.n; ++column) result.at(row, column) += a.at(row, inner) * b.at(inner, column);
  return result;
}

SymmetricEigen symmetric_eigen(SquareMatrix matrix) {
  const double total = sum_of_squares(matrix, true);
  if (!std::isfinite(total))
    throw Error(ErrorCode::InvalidArgument, "[eigen] the matrix has values that are not finite");
  SymmetricEigen eigen{.values = {}, .vectors = SquareMatrix(matrix.n)};
  for (int64_t i = 0; i < matrix.n; ++i) eigen.vectors.at(i, i) = 1;
  for (int sweep = 0; sweep < kMaxSweeps && sum_of_squares(matrix, false) > kConverged * total; ++sweep)
    for (int64_t p = 0; p < matrix.n; ++p)
      for (int64_t q = p + 1; q < matrix.n; ++q)
        if (matrix.at(p, q) != 0) apply(matrix, eigen.vectors, p, q);
  for (int64_t i = 0; i < matrix.n; ++i) eigen.values.push_back(matrix.at(i, i));
  return eigen;
}

}  // namespace easel
