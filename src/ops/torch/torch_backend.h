// torch_backend.h — the operations of ops.h over ATen, on the CPU or a CUDA device.
//
// Maps are NHWC: x.permute({0, 3, 1, 2}) is what LibTorch calls a channels_last tensor, so convolutions take it without
// a copy. No operation writes to its operands, and every one is made of differentiable functions: where an operand
// requires a gradient, autograd records, otherwise nothing is kept. On the CPU the costly operations are those of
// own_kernels.h, unless torch_cpu_kernels() asks for LibTorch's.
#pragma once

#include <ATen/ATen.h>

#include "ops/backend.h"
#include "ops/torch_settings.h"

namespace easel {

class TorchBackend final : public Backend {
 public:
  // device: one of LibTorch's that is there.
  explicit TorchBackend(const Device& device);
  Device device() const override { return place_; }

  // network_ops.cpp
  Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options) override;
  Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) override;
  Tensor group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                    const GroupNormOptions& options) override;
  Tensor group_norm_statistics(const Tensor& x, int64_t num_groups) override;
  Tensor group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight, const Tensor& bias,
                          const GroupNormOptions& options) override;
  Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps) override;
  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) override;
  Tensor activate(const Tensor& x, Activation activation) override;

  // measures.cpp
  bool all_finite(const Tensor& x) override;
  std::vector<double> row_deviations(const Tensor& x) override;
  std::vector<double> row_quantiles(const Tensor& x, double q) override;
  double error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol) override;

  // tensor_ops.cpp
  Tensor multiply(const Tensor& a, const Tensor& b) override;
  Tensor clamp(const Tensor& x, float low, float high) override;
  Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) override;
  Tensor affine(const Tensor& x, float scale, float shift) override;
  Tensor exponential(const Tensor& x) override;
  Tensor absolute(const Tensor& x) override;
  Tensor row_means(const Tensor& x) override;
  Tensor scale_rows(const Tensor& x, const Tensor& scales) override;
  Tensor log_softmax(const Tensor& x) override;
  Tensor l2_normalize(const Tensor& x) override;
  Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width) override;
  Tensor concat(const std::vector<Tensor>& tensors, int axis) override;
  Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end) override;
  Tensor reshape(const Tensor& x, const Shape& shape) override;
  Tensor permute(const Tensor& x, const std::vector<int>& order) override;
  Tensor embedding(const Tensor& ids, const Tensor& table) override;
  Tensor select_token(const Tensor& x, const Tensor& index) override;
  Tensor from_host(const Tensor& host) override;
  Tensor to_host(const Tensor& x) override;

 private:
  bool uses_own_kernels() const { return device_.is_cpu() && torch_cpu_kernels() == TorchCpuKernels::own; }

  Device place_;
  at::Device device_;
};

}  // namespace easel
