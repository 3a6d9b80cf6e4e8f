// gradients.h — gradients of the operations of ops.h, on the host.
//
// For a loss L, grad_y is dL/dy of an operation's result and each function returns dL/d(operand). Operands and results
// are f32 tensors on the host (weights may also be f16 or bf16); the kernels are those of the cpu backend, whichever
// device the process uses. Every function checks its operands once and throws InvalidArgument naming the function and
// the offending shape. Results are new tensors, and have the same bits for any number of threads. Safe to call from
// several threads.
#pragma once

#include "ops/ops.h"

namespace easel {

// conv2d: y = x * weight + bias, grad_y: [N, H_out, W_out, C_out] as conv2d returns it for x_shape.
// conv2d_grad_input: weight: [C_out, C_in, kH, kW]; returns dL/dx of shape x_shape, [N, H, W, C_in].
// conv2d_grad_weight: x: [N, H, W, C_in]; returns dL/dweight of shape weight_shape, [C_out, C_in, kH, kW].
// Both use Winograd's F(4x4, 3x3) for 3x3 filters of stride one, as conv2d does: 0.65e-6 rms relative error (pictures
// of 32x32, 48 to 32 channels), at most 1.2e-6 of the largest gradient; others 0.3e-6.
EASEL_API Tensor conv2d_grad_input(const Tensor& grad_y, const Tensor& weight, const Shape& x_shape, int stride,
                                   const Padding& padding);
EASEL_API Tensor conv2d_grad_weight(const Tensor& grad_y, const Tensor& x, const Shape& weight_shape, int stride,
                                    const Padding& padding);

// linear: y = x W^T + b, grad_y: [..., C_out], weight: [C_out, C_in], x: [..., C_in] with the rows of grad_y.
EASEL_API Tensor linear_grad_input(const Tensor& grad_y, const Tensor& weight);  // grad_y W: [..., C_in]
EASEL_API Tensor linear_grad_weight(const Tensor& grad_y, const Tensor& x);      // grad_y^T x: [C_out, C_in]

// Sums over everything but the last dimension, [..., C] -> [C]: the gradient of a bias.
EASEL_API Tensor channel_sums(const Tensor& grad_y);

// group_norm and layer_norm, with respect to x and the weights. statistics: group_norm_statistics(x, num_groups).
struct NormGradients {
  Tensor x, weight, bias;  // shapes of the operands
};
EASEL_API NormGradients group_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& statistics,
                                        const Tensor& weight, const Tensor& bias, const GroupNormOptions& options);
EASEL_API NormGradients layer_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& weight, float eps);

// attention: grad_y has the shape of q. Probabilities are computed anew from q and k.
struct AttentionGradients {
  Tensor q, k, v;  // shapes of the operands
};
EASEL_API AttentionGradients attention_grad(const Tensor& grad_y, const Tensor& q, const Tensor& k, const Tensor& v,
                                            const AttentionOptions& options);

// activate; x: what went in, for geglu [..., 2 C] with grad_y [..., C].
EASEL_API Tensor activate_grad(const Tensor& grad_y, const Tensor& x, Activation activation);

// Sums over the pixels of each sample, [N, H, W, C] -> [N, C]: the gradient of conv2d's channel_bias.
EASEL_API Tensor pixel_sums(const Tensor& grad_y);

// upsample_nearest of x_shape [N, H, W, C]; grad_y: [N, height, width, C]. Each element is the sum over its copies.
EASEL_API Tensor upsample_nearest_grad(const Tensor& grad_y, const Shape& x_shape);

}  // namespace easel
