// backend.h — what an implementation of the operations provides. ops.cpp checks operands and calls it.
//
// Contracts (formulas, shapes) are those of ops.h; operands arrive valid and on this backend. Two implementations
// exist: cpu (src/ops/cpu, always there) and torch (src/ops/torch, a plug-in).
#pragma once

#include "ops/ops.h"

namespace easel {

class EASEL_API Backend {
 public:
  virtual ~Backend();
  virtual Device device() const = 0;

  virtual Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options) = 0;
  virtual Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) = 0;
  virtual Tensor group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                            const GroupNormOptions& options) = 0;
  virtual Tensor group_norm_statistics(const Tensor& x, int64_t num_groups) = 0;
  virtual Tensor group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight, const Tensor& bias,
                                  const GroupNormOptions& options) = 0;
  virtual Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps) = 0;
  virtual Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) = 0;
  virtual Tensor activate(const Tensor& x, Activation activation) = 0;
  virtual Tensor multiply(const Tensor& a, const Tensor& b) = 0;
  virtual Tensor clamp(const Tensor& x, float low, float high) = 0;
  virtual Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) = 0;
  virtual Tensor affine(const Tensor& x, float scale, float shift) = 0;
  virtual Tensor exponential(const Tensor& x) = 0;
  virtual Tensor absolute(const Tensor& x) = 0;
  virtual Tensor row_means(const Tensor& x) = 0;
  virtual Tensor scale_rows(const Tensor& x, const Tensor& scales) = 0;
  virtual Tensor log_softmax(const Tensor& x) = 0;
  virtual Tensor l2_normalize(const Tensor& x) = 0;
  virtual bool all_finite(const Tensor& x) = 0;
  virtual std::vector<double> row_deviations(const Tensor& x) = 0;
  virtual std::vector<double> row_quantiles(const Tensor& x, double q) = 0;
  virtual double error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol) = 0;
  virtual Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width) = 0;
  virtual Tensor concat(const std::vector<Tensor>& tensors, int axis) = 0;  // axis >= 0
  virtual Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end) = 0;
  virtual Tensor reshape(const Tensor& x, const Shape& shape) = 0;
  virtual Tensor permute(const Tensor& x, const std::vector<int>& order) = 0;
  virtual Tensor embedding(const Tensor& ids, const Tensor& table) = 0;
  virtual Tensor select_token(const Tensor& x, const Tensor& index) = 0;

  virtual Tensor from_host(const Tensor& host) = 0;
  virtual Tensor to_host(const Tensor& x) = 0;
};

// The backend of a device. Throws NotFound where the torch plug-in has not been loaded on it.
EASEL_API Backend& backend(const Device& device);

}  // namespace easel
