#include "ops/cpu/cpu_backend.h"

#include "ops/cpu/data_movement.h"
#include "ops/cpu/elementwise.h"
#include "ops/cpu/kernel_table.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/measures.h"
#include "ops/cpu/row_ops.h"

namespace easel {
namespace {

const void* address_of(const Tensor& tensor) {
  return static_cast<const char*>(tensor.storage()->data()) + tensor.offset_bytes();
}
const float* data_or_null(const Tensor& tensor) { return tensor.defined() ? tensor.f32() : nullptr; }
// Biases and norm weights are short: one f32 copy per call is cheaper than three kernels of each.
Tensor f32_or_undefined(const Tensor& tensor) { return tensor.defined() ? tensor.to_f32() : tensor; }

class CpuBackend final : public Backend {
 public:
  Device device() const override { return {}; }

  Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options) override;
  Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) override;
  Tensor group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                    const GroupNormOptions& options) override {
    return group_norm_apply(x, group_norm_statistics(x, options.num_groups), weight, bias, options);
  }
  Tensor group_norm_statistics(const Tensor& x, int64_t num_groups) override;
  Tensor group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight, const Tensor& bias,
                          const GroupNormOptions& options) override;
  Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps) override;
  Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) override;

  Tensor activate(const Tensor& x, Activation activation) override { return cpu::activate(x, activation); }
  Tensor multiply(const Tensor& a, const Tensor& b) override { return cpu::multiply(a, b); }
  Tensor clamp(const Tensor& x, float low, float high) override { return cpu::clamp(x, low, high); }
  Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) override { return cpu::weighted_sum(terms); }
  Tensor affine(const Tensor& x, float scale, float shift) override { return cpu::affine(x, scale, shift); }
  Tensor exponential(const Tensor& x) override { return cpu::exponential(x); }
  Tensor absolute(const Tensor& x) override { return cpu::absolute(x); }
  Tensor row_means(const Tensor& x) override { return cpu::row_means(x); }
  Tensor scale_rows(const Tensor& x, const Tensor& scales) override { return cpu::scale_rows(x, scales); }
  Tensor log_softmax(const Tensor& x) override { return cpu::log_softmax(x); }
  Tensor l2_normalize(const Tensor& x) override { return cpu::l2_normalize(x); }

  bool all_finite(const Tensor& x) override { return cpu::all_finite(x); }
  std::vector<double> row_deviations(const Tensor& x) override { return cpu::row_deviations(x); }
  std::vector<double> row_quantiles(const Tensor& x, double q) override { return cpu::row_quantiles(x, q); }
  double error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol) override {
    return cpu::error_norm(a, b, x, rtol, atol);
  }

  Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width) override {
    return cpu::upsample_nearest(x, height, width);
  }
  Tensor concat(const std::vector<Tensor>& tensors, int axis) override { return cpu::concat(tensors, axis); }
  Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end) override {
    return cpu::slice(x, axis, begin, end);
  }
  Tensor reshape(const Tensor& x, const Shape& shape) override { return x.view(shape); }
  Tensor permute(const Tensor& x, const std::vector<int>& order) override { return cpu::permute(x, order); }
  Tensor embedding(const Tensor& ids, const Tensor& table) override { return cpu::embedding(ids, table); }
  Tensor select_token(const Tensor& x, const Tensor& index) override { return cpu::select_token(x, index); }

  Tensor from_host(const Tensor& host) override { return host; }
  Tensor to_host(const Tensor& x) override { return x; }
};

Tensor CpuBackend::linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options) {
  const int64_t columns = options.activation == Activation::geglu ? weight.dim(0) / 2 : weight.dim(0);
  Tensor y = Tensor::empty(x.shape().with(-1, columns));
  const Tensor bias_f32 = f32_or_undefined(bias);
  cpu::Conv2dProblem problem;
  problem.x = x.f32();
  problem.weight = address_of(weight);
  problem.weight_dtype = weight.dtype();
  problem.y = y.f32();
  problem.in_channels = weight.dim(1);
  problem.out_channels = weight.dim(0);
  problem.in_width = problem.out_width = y.numel() / columns;  // every row is a pixel
  problem.bias = data_or_null(bias_f32);
  problem.residual = data_or_null(options.residual);
  problem.activation = options.activation;
  cpu::kernels().conv2d(problem);
  return y;
}

Tensor CpuBackend::conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) {
  const Padding& padding = options.padding;
  const Tensor bias_f32 = f32_or_undefined(bias);
  cpu::Conv2dProblem problem;
  problem.x = x.f32();
  problem.weight = address_of(weight);
  problem.weight_dtype = weight.dtype();
  problem.batch = x.dim(0);
  problem.in_height = x.dim(1);
  problem.in_width = x.dim(2);
  problem.in_channels = x.dim(3);
  problem.out_channels = weight.dim(0);
  problem.kernel_height = weight.dim(2);
  problem.kernel_width = weight.dim(3);
  problem.stride = options.stride;
  problem.pad_top = padding.top;
  problem.pad_left = padding.left;
  problem.out_height = (x.dim(1) + padding.top + padding.bottom - weight.dim(2)) / options.stride + 1;
  problem.out_width = (x.dim(2) + padding.left + padding.right - weight.dim(3)) / options.stride + 1;
  problem.bias = data_or_null(bias_f32);
  problem.channel_bias = data_or_null(options.channel_bias);
  problem.residual = data_or_null(options.residual);
  problem.activation = options.activation;
  Tensor y = Tensor::empty({problem.batch, problem.out_height, problem.out_width, problem.out_channels});
  problem.y = y.f32();
  cpu::kernels().conv2d(problem);
  return y;
}

cpu::GroupNormProblem group_norm_problem(const Tensor& x, int64_t num_groups) {
  return {x.f32(), x.dim(0), x.dim(1) * x.dim(2), x.dim(3), num_groups};
}

Tensor CpuBackend::group_norm_statistics(const Tensor& x, int64_t num_groups) {
  Tensor statistics = Tensor::empty({x.dim(0), num_groups, 3});
  cpu::kernels().group_norm_statistics(group_norm_problem(x, num_groups), statistics.f32());
  return statistics;
}

Tensor CpuBackend::group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight, const Tensor& bias,
                                    const GroupNormOptions& options) {
  Tensor y = Tensor::empty(x.shape());
  const Tensor weight_f32 = weight.to_f32(), bias_f32 = bias.to_f32();
  cpu::GroupNormApplication application;
  application.statistics = statistics.f32();
  application.weight = weight_f32.f32();
  application.bias = bias_f32.f32();
  application.eps = options.eps;
  application.silu = options.fuse_silu;
  application.y = y.f32();
  cpu::kernels().group_norm_apply(group_norm_problem(x, options.num_groups), application);
  return y;
}

Tensor CpuBackend::layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps) {
  Tensor y = Tensor::empty(x.shape());
  const Tensor weight_f32 = weight.to_f32(), bias_f32 = bias.to_f32();
  cpu::LayerNormProblem problem;
  problem.x = x.f32();
  problem.weight = weight_f32.f32();
  problem.bias = bias_f32.f32();
  problem.y = y.f32();
  problem.channels = x.dim(-1);
  problem.rows = x.numel() / problem.channels;
  problem.eps = eps;
  cpu::kernels().layer_norm(problem);
  return y;
}

Tensor CpuBackend::attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) {
  Tensor y = Tensor::empty(q.shape());
  cpu::AttentionProblem problem = cpu::attention_problem(q, k, v, options);
  problem.y = y.f32();
  cpu::kernels().attention(problem);
  return y;
}

}  // namespace

Backend& cpu_backend() {
  static CpuBackend instance;
  return instance;
}

}  // namespace easel
