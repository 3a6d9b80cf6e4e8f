// elementwise.h — the cpu operations that treat each element by itself. Contracts: ops.h. Bound by memory, so plain
// loops do; operands are f32.
#pragma once

#include <utility>
#include <vector>

#include "ops/ops.h"

namespace easel::cpu {

Tensor activate(const Tensor& x, Activation activation);
Tensor activate_grad(const Tensor& grad_y, const Tensor& x, Activation activation);  // ops/gradients.h
Tensor multiply(const Tensor& a, const Tensor& b);
Tensor clamp(const Tensor& x, float low, float high);
Tensor affine(const Tensor& x, float scale, float shift);
Tensor exponential(const Tensor& x);
Tensor absolute(const Tensor& x);
Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms);

}  // namespace easel::cpu
