// frechet_distance.h — how far apart two sets of feature vectors are, each seen as a Gaussian.
#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace easel {

struct GaussianStatistics {
  std::vector<double> mean;        // [C]
  std::vector<double> covariance;  // [C, C], unbiased
};

// features: [N, C] f32 on the host, N >= 2. Throws InvalidArgument for fewer.
GaussianStatistics gaussian_statistics(const Tensor& features);

// |m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^1/2): Heusel et al. 2017, arXiv:1706.08500, eq. 6. Never negative. The trace of
// the root is taken as that of (C1^1/2 C2 C1^1/2)^1/2, which is symmetric and has the same eigenvalues.
// Throws InvalidArgument where the numbers of features differ or one is not finite.
double frechet_distance(const GaussianStatistics& a, const GaussianStatistics& b);

}  // namespace easel
