// network_gradients.h — gradients.h's norms, attention and resizing on the kernels of the cpu backend. Operands arrive
// checked.
#pragma once

#include "ops/gradients.h"

namespace easel::cpu {

NormGradients group_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& statistics, const Tensor& weight,
                              const Tensor& bias, const GroupNormOptions& options);
NormGradients layer_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& weight, float eps);
AttentionGradients attention_grad(const Tensor& grad_y, const Tensor& q, const Tensor& k, const Tensor& v,
                                  const AttentionOptions& options);
Tensor pixel_sums(const Tensor& grad_y);
Tensor upsample_nearest_grad(const Tensor& grad_y, const Shape& x_shape);

}  // namespace easel::cpu
