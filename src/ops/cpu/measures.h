// measures.h — the cpu operations that give numbers to the host. Contracts: ops.h. Operands are f32.
#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace easel::cpu {

bool all_finite(const Tensor& x);
std::vector<double> row_deviations(const Tensor& x);
std::vector<double> row_quantiles(const Tensor& x, double q);
double error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol);

}  // namespace easel::cpu
