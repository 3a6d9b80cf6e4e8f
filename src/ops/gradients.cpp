#include "ops/gradients.h"

#include "ops/cpu/convolution_gradients.h"
#include "ops/operand_checks.h"

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

}  // namespace

Tensor conv2d_grad_input(const Tensor& grad_y, const Tensor& weight, const Shape& x_shape, int stride,
                         const Padding& padding) {
  require_host_f32("conv2d_grad_input", "grad_y", grad_y);
  require_host_weight("conv2d_grad_input", weight);
  require_convolution("conv2d_grad_input", grad_y, x_shape, weight.shape(), stride, padding);
  return cpu::conv2d_grad_input(grad_y, weight, x_shape, stride, padding);
}

Tensor conv2d_grad_weight(const Tensor& grad_y, const Tensor& x, const Shape& weight_shape, int stride,
                          const Padding& padding) {
  require_host_f32("conv2d_grad_weight", "grad_y", grad_y);
  require_host_f32("conv2d_grad_weight", "x", x);
  require_convolution("conv2d_grad_weight", grad_y, x.shape(), weight_shape, stride, padding);
  return cpu::conv2d_grad_weight(grad_y, x, weight_shape, stride, padding);
}

Tensor linear_grad_input(const Tensor& grad_y, const Tensor& weight) {
  require_host_f32("linear_grad_input", "grad_y", grad_y);
  require_host_weight("linear_grad_input", weight);
  require_rank("linear_grad_input", "weight", weight, 2);
  require(weight.dim(0) == grad_y.dim(-1), "linear_grad_input",
          named("weight", weight) + " does not fit " + named("grad_y", grad_y));
  return cpu::linear_grad_input(grad_y, weight);
}

Tensor linear_grad_weight(const Tensor& grad_y, const Tensor& x) {
  require_host_f32("linear_grad_weight", "grad_y", grad_y);
  require_host_f32("linear_grad_weight", "x", x);
  require(x.shape().with(-1, 1) == grad_y.shape().with(-1, 1), "linear_grad_weight",
          named("x", x) + " does not fit " + named("grad_y", grad_y));
  return cpu::linear_grad_weight(grad_y, x);
}

Tensor channel_sums(const Tensor& grad_y) {
  require_host_f32("channel_sums", "grad_y", grad_y);
  return cpu::channel_sums(grad_y);
}

}  // namespace easel
