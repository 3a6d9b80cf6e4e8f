#include "ops/gradients.h"

#include <string>
#include <utility>

#include "ops/cpu/convolution_gradients.h"
#include "ops/cpu/elementwise.h"
#include "ops/cpu/network_gradients.h"
#include "ops/operand_checks.h"
#include "ops/run_op.h"

namespace easel {
namespace {

// Kernels read elements where they lie, without a look at the dtype, and divide by extents.
void require_host(const char* op, const char* name, const Tensor& tensor) {
  require(tensor.defined() && tensor.rank() >= 1 && tensor.numel() > 0, op,
          named(name, tensor) + "; must have elements");
  require(tensor.storage()->data() != nullptr, op, std::string(name) + " is not in the host's memory");
}

void require_host_f32(const char* op, const char* name, const Tensor& tensor) {
  require_host(op, name, tensor);
  require(tensor.dtype() == DType::f32, op, std::string(name) + " of " + dtype_name(tensor.dtype()) + "; must be f32");
}

void require_host_weight(const char* op, const Tensor& weight) {
  require_host(op, "weight", weight);
  const DType dtype = weight.dtype();
  require(dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16, op,
          std::string("weight of ") + dtype_name(dtype) + "; must be f32, f16 or bf16");
}

// grad_y must be what conv2d returns for these shapes.
void require_convolution(const char* op, const Tensor& grad_y, const Shape& x, const Shape& weight, int stride,
                         const Padding& padding) {
  require(x.rank() == 4 && weight.rank() == 4 && x[3] == weight[1], op,
          "weight " + weight.to_string() + " does not fit x " + x.to_string());
  require(stride >= 1, op, "stride = " + std::to_string(stride) + "; must be >= 1");
  require(padding.top >= 0 && padding.left >= 0 && padding.bottom >= 0 && padding.right >= 0, op,
          "padding must be >= 0");
  const int64_t height = x[1] + padding.top + padding.bottom - weight[2];
  const int64_t width = x[2] + padding.left + padding.right - weight[3];
  require(height >= 0 && width >= 0, op,
          "x " + x.to_string() + " is smaller than the filter of weight " + weight.to_string());
  require_shape(op, "grad_y", grad_y, {x[0], height / stride + 1, width / stride + 1, weight[0]});
}

int64_t pixels_of(const Tensor& grad_y) { return grad_y.numel() / grad_y.dim(-1); }

}  // namespace

Tensor conv2d_grad_input(const Tensor& grad_y, const Tensor& weight, const Shape& x_shape, int stride,
                         const Padding& padding) {
  require_host_f32("conv2d_grad_input", "grad_y", grad_y);
  require_host_weight("conv2d_grad_input", weight);
  require_convolution("conv2d_grad_input", grad_y, x_shape, weight.shape(), stride, padding);
  return run_op("conv2d_grad_input", pixels_of(grad_y) * weight.numel(),
                [&] { return cpu::conv2d_grad_input(grad_y, weight, x_shape, stride, padding); });
}

Tensor conv2d_grad_weight(const Tensor& grad_y, const Tensor& x, const Shape& weight_shape, int stride,
                          const Padding& padding) {
  require_host_f32("conv2d_grad_weight", "grad_y", grad_y);
  require_host_f32("conv2d_grad_weight", "x", x);
  require_convolution("conv2d_grad_weight", grad_y, x.shape(), weight_shape, stride, padding);
  return run_op("conv2d_grad_weight", pixels_of(grad_y) * weight_shape.numel(),
                [&] { return cpu::conv2d_grad_weight(grad_y, x, weight_shape, stride, padding); });
}

Tensor linear_grad_input(const Tensor& grad_y, const Tensor& weight) {
  require_host_f32("linear_grad_input", "grad_y", grad_y);
  require_host_weight("linear_grad_input", weight);
  require_rank("linear_grad_input", "weight", weight, 2);
  require(weight.dim(0) == grad_y.dim(-1), "linear_grad_input",
          named("weight", weight) + " does not fit " + named("grad_y", grad_y));
  return run_op("linear_grad_input", grad_y.numel() * weight.dim(1),
                [&] { return cpu::linear_grad_input(grad_y, weight); });
}

Tensor linear_grad_weight(const Tensor& grad_y, const Tensor& x) {
  require_host_f32("linear_grad_weight", "grad_y", grad_y);
  require_host_f32("linear_grad_weight", "x", x);
  require(x.shape().with(-1, 1) == grad_y.shape().with(-1, 1), "linear_grad_weight",
          named("x", x) + " does not fit " + named("grad_y", grad_y));
  return run_op("linear_grad_weight", grad_y.numel() * x.dim(-1), [&] { return cpu::linear_grad_weight(grad_y, x); });
}

Tensor channel_sums(const Tensor& grad_y) {
  require_host_f32("channel_sums", "grad_y", grad_y);
  return run_op("channel_sums", 0, [&] { return cpu::channel_sums(grad_y); });
}

NormGradients group_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& statistics, const Tensor& weight,
                              const Tensor& bias, const GroupNormOptions& options) {
  const char* const op = "group_norm_grad";
  for (const auto& [name, tensor] :
       {std::pair{"grad_y", grad_y}, {"x", x}, {"statistics", statistics}, {"weight", weight}, {"bias", bias}})
    require_host_f32(op, name, tensor);
  require_rank(op, "x", x, 4);
  require_shape(op, "grad_y", grad_y, x.shape());
  require(options.num_groups >= 1 && x.dim(3) % options.num_groups == 0, op,
          "num_groups = " + std::to_string(options.num_groups) + " must divide the channels of " + named("x", x));
  require_shape(op, "statistics", statistics, {x.dim(0), options.num_groups, 3});
  require_vector(op, "weight", weight, x.dim(3));
  require_vector(op, "bias", bias, x.dim(3));
  return run_op(op, 0, [&] { return cpu::group_norm_grad(grad_y, x, statistics, weight, bias, options); });
}

NormGradients layer_norm_grad(const Tensor& grad_y, const Tensor& x, const Tensor& weight, float eps) {
  const char* const op = "layer_norm_grad";
  for (const auto& [name, tensor] : {std::pair{"grad_y", grad_y}, {"x", x}, {"weight", weight}})
    require_host_f32(op, name, tensor);
  require_shape(op, "grad_y", grad_y, x.shape());
  require_vector(op, "weight", weight, x.dim(-1));
  return run_op(op, 0, [&] { return cpu::layer_norm_grad(grad_y, x, weight, eps); });
}

AttentionGradients attention_grad(const Tensor& grad_y, const Tensor& q, const Tensor& k, const Tensor& v,
                                  const AttentionOptions& options) {
  const char* const op = "attention_grad";
  for (const auto& [name, tensor] : {std::pair{"grad_y", grad_y}, {"q", q}, {"k", k}, {"v", v}}) {
    require_host_f32(op, name, tensor);
    require_rank(op, name, tensor, 3);
  }
  require_shape(op, "grad_y", grad_y, q.shape());
  require_shape(op, "v", v, k.shape());
  require(q.dim(0) == k.dim(0) && q.dim(2) == k.dim(2), op, named("k", k) + " does not fit " + named("q", q));
  require(options.num_heads >= 1 && q.dim(2) % options.num_heads == 0, op,
          "num_heads = " + std::to_string(options.num_heads) + " must divide the channels of " + named("q", q));
  require(!options.causal || q.dim(1) == k.dim(1), op, "causal needs as many keys as queries");
  // Two products forward, of two factors each.
  return run_op(op, 4 * q.numel() * k.dim(1), [&] { return cpu::attention_grad(grad_y, q, k, v, options); });
}

Tensor activate_grad(const Tensor& grad_y, const Tensor& x, Activation activation) {
  require_host_f32("activate_grad", "grad_y", grad_y);
  require_host_f32("activate_grad", "x", x);
  const bool geglu = activation == Activation::geglu;
  require_shape("activate_grad", "x", x, grad_y.shape().with(-1, grad_y.dim(-1) * (geglu ? 2 : 1)));
  if (activation == Activation::none) return grad_y;
  return run_op("activate_grad", 0, [&] { return cpu::activate_grad(grad_y, x, activation); });
}

Tensor pixel_sums(const Tensor& grad_y) {
  require_host_f32("pixel_sums", "grad_y", grad_y);
  require_rank("pixel_sums", "grad_y", grad_y, 4);
  return run_op("pixel_sums", 0, [&] { return cpu::pixel_sums(grad_y); });
}

Tensor upsample_nearest_grad(const Tensor& grad_y, const Shape& x_shape) {
  require_host_f32("upsample_nearest_grad", "grad_y", grad_y);
  require_rank("upsample_nearest_grad", "grad_y", grad_y, 4);
  require(x_shape.rank() == 4 && x_shape.numel() > 0 && x_shape[0] == grad_y.dim(0) && x_shape[3] == grad_y.dim(3),
          "upsample_nearest_grad", "x " + x_shape.to_string() + " does not fit " + named("grad_y", grad_y));
  return run_op("upsample_nearest_grad", 0, [&] { return cpu::upsample_nearest_grad(grad_y, x_shape); });
}

}  // namespace easel
