// own_kernels.h — operations of CPU tensors on the cpu backend's kernels, differentiable.
//
// Contracts are those of ops.h; operands are on the CPU and valid. Where autograd records, the forward keeps the
// operands (of fused activations the value before) and the backward calls ops/gradients.h, for those operands only that
// need a gradient. Where it does not, the call is the cpu backend's, with everything fused and weights as stored. No
// element is copied on the way but those of strided views.
#pragma once

#include <ATen/ATen.h>

#include "ops/ops.h"

namespace easel::own {

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const LinearOptions& options);
at::Tensor conv2d(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const Conv2dOptions& options);
at::Tensor group_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                      const GroupNormOptions& options);
at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, float eps);
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const AttentionOptions& options);
at::Tensor activate(const at::Tensor& x, Activation activation);
at::Tensor upsample_nearest(const at::Tensor& x, int64_t height, int64_t width);

}  // namespace easel::own
