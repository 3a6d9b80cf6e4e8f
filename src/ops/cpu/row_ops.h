// row_ops.h — the cpu operations that treat each row by itself: the ends of losses. Contracts: ops.h. Few elements, so
// plain loops with f64 sums do; operands are f32.
#pragma once

#include "tensor/tensor.h"

namespace easel::cpu {

Tensor row_means(const Tensor& x);
Tensor scale_rows(const Tensor& x, const Tensor& scales);
Tensor log_softmax(const Tensor& x);
Tensor l2_normalize(const Tensor& x);

}  // namespace easel::cpu
