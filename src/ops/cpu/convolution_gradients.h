// convolution_gradients.h — gradients.h's conv2d and linear on the kernels of the cpu backend. Operands arrive checked.
#pragma once

#include "ops/ops.h"

namespace easel::cpu {

Tensor conv2d_grad_input(const Tensor& grad_y, const Tensor& weight, const Shape& x_shape, int stride,
                         const Padding& padding);
Tensor conv2d_grad_weight(const Tensor& grad_y, const Tensor& x, const Shape& weight_shape, int stride,
                          const Padding& padding);
Tensor linear_grad_input(const Tensor& grad_y, const Tensor& weight);
Tensor linear_grad_weight(const Tensor& grad_y, const Tensor& x);
Tensor channel_sums(const Tensor& grad_y);

}  // namespace easel::cpu
