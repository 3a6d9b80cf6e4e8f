// data_movement.h — the cpu operations that copy elements without arithmetic. Contracts: ops.h.
#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace easel::cpu {

Tensor concat(const std::vector<Tensor>& tensors, int axis);  // axis >= 0
Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end);
Tensor permute(const Tensor& x, const std::vector<int>& order);
Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width);
// Throws InvalidArgument naming the first id outside the table.
Tensor embedding(const Tensor& ids, const Tensor& table);
Tensor select_token(const Tensor& x, const Tensor& index);

}  // namespace easel::cpu
