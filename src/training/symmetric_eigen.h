// symmetric_eigen.h — eigenvalues and eigenvectors of a symmetric matrix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace easel {

// A square matrix of doubles, row by row.
struct SquareMatrix {
  int64_t n = 0;
  std::vector<double> values;  // n * n

  SquareMatrix() = default;
  explicit SquareMatrix(int64_t size) : n(size), values(static_cast<size_t>(size * size), 0.0) {}
  double& at(int64_t row, int64_t column) { return values[static_cast<size_t>(row * n + column)]; }
  double at(int64_t row, int64_t column) const { return values[static_cast<size_t>(row * n + column)]; }
};

SquareMatrix product(const SquareMatrix& a, const SquareMatrix& b);

struct SymmetricEigen {
  std::vector<double> values;  // in no particular order
  SquareMatrix vectors;        // row i is the unit eigenvector of values[i]
};

// Cyclic Jacobi rotations: Golub & Van Loan, Matrix Computations, 4th edition, section 8.5. About 10 n^3 operations a
// sweep and 6 to 10 sweeps; accurate to the rounding of the largest eigenvalue. Reads both triangles, which must agree.
// Throws InvalidArgument for values that are not finite.
SymmetricEigen symmetric_eigen(SquareMatrix matrix);

}  // namespace easel
