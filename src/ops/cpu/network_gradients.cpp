#include "ops/cpu/network_gradients.h"

#include "ops/cpu/kernel_table.h"
#include "ops/cpu/kernels.h"
#include "tensor/parallel.h"

namespace easel::cpu {
namespace {

NormGradients empty_norm_gradients(const Shape& x, const Shape& weight) {
  return {Tensor::empty(x), Tensor::empty(weight), Tensor::empty(weight)};
}

NormGradient addresses_of(const Tensor& grad_y, const NormGradients& gradients) {
  return {grad_y.f32(), gradients.x.f32(), gradients.weight.f32(), gradients.bias.f32()};
}

// to[c] += from[c].
void accumulate(float* to, const float* from, int64_t count) {
  for (int64_t c = 0; c < count; ++c) to[c] += from[c];
}

}  // namespace

NormGradients group_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& statistics, const Tensor& weight,
                              const Tensor& bias, const GroupNormOptions& options) {
  NormGradients gradients = empty_norm_gradients(x.shape(), weight.shape());
  GroupNormApplication application;
  application.statistics = statistics.f32();
  application.weight = weight.f32();
  application.bias = bias.f32();
  application.eps = options.eps;
  application.silu = options.fuse_silu;
  kernels().group_norm_grad({x.f32(), x.dim(0), x.dim(1) * x.dim(2), x.dim(3), options.num_groups}, application,
                            addresses_of(grad_y, gradients));
  return gradients;
}

NormGradients layer_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& weight, float eps) {
  NormGradients gradients = empty_norm_gradients(x.shape(), weight.shape());
  LayerNormProblem problem;
  problem.x = x.f32();
  problem.weight = weight.f32();
  problem.channels = x.dim(-1);
  problem.rows = x.numel() / problem.channels;
  problem.eps = eps;
  kernels().layer_norm_grad(problem, addresses_of(grad_y, gradients));
  return gradients;
}

AttentionGradients attention_grad(const Tensor& grad_y, const Tensor& q, const Tensor& k, const Tensor& v,
                                  const AttentionOptions& options) {
  AttentionGradients gradients{Tensor::empty(q.shape()), Tensor::empty(k.shape()), Tensor::empty(v.shape())};
  kernels().attention_grad(attention_problem(q, k, v, options),
                           {grad_y.f32(), gradients.q.f32(), gradients.k.f32(), gradients.v.f32()});
  return gradients;
}

Tensor pixel_sums(const Tensor& grad_y) {
  const int64_t pixels = grad_y.dim(1) * grad_y.dim(2), channels = grad_y.dim(3);
  Tensor sums = Tensor::zeros({grad_y.dim(0), channels});
  parallel_for(grad_y.dim(0), [&](int64_t n, int) {
    for (int64_t i = 0; i < pixels; ++i)
      accumulate(sums.f32() + n * channels, grad_y.f32() + (n * pixels + i) * channels, channels);
  });
  return sums;
}

Tensor upsample_nearest_grad(const Tensor& grad_y, const Shape& x_shape) {
  Tensor grad_x = Tensor::zeros(x_shape);
  const int64_t height = x_shape[1], width = x_shape[2], channels = x_shape[3];
  const int64_t out_height = grad_y.dim(1), out_width = grad_y.dim(2);
  parallel_for(x_shape[0] * height, [&](int64_t task, int) {
    const int64_t n = task / height, row = task % height;
    // Rows y of the result with floor(y * height / out_height) = row.
    const int64_t begin = (row * out_height + height - 1) / height;
    const int64_t end = ((row + 1) * out_height + height - 1) / height;
    for (int64_t y = begin; y < end; ++y)
      for (int64_t x = 0; x < out_width; ++x)
        accumulate(grad_x.f32() + (task * width + x * width / out_width) * channels,
                   grad_y.f32() + ((n * out_height + y) * out_width + x) * channels, channels);
  });
  return grad_x;
}

}  // namespace easel::cpu
