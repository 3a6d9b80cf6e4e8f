#include "ops/operand_checks.h"

#include "easel/error.h"

namespace easel {

void require(bool condition, const char* op, const std::string& what) {
  if (!condition) throw Error(ErrorCode::InvalidArgument, std::string("[") + op + "] " + what);
}

std::string named(const char* name, const Tensor& tensor) {
  return std::string(name) + " " + (tensor.defined() ? tensor.shape().to_string() : std::string("undefined"));
}

void require_rank(const char* op, const char* name, const Tensor& tensor, int rank) {
  require(tensor.defined() && tensor.rank() == rank, op,
          named(name, tensor) + "; must have rank " + std::to_string(rank));
}

void require_vector(const char* op, const char* name, const Tensor& tensor, int64_t extent) {
  if (!tensor.defined()) return;
  require(tensor.rank() == 1 && tensor.dim(0) == extent, op,
          named(name, tensor) + "; must be [" + std::to_string(extent) + "]");
}

void require_shape(const char* op, const char* name, const Tensor& tensor, const Shape& shape) {
  require(!tensor.defined() || tensor.shape() == shape, op, named(name, tensor) + "; must be " + shape.to_string());
}

// The rest look before they write a message: several of them come before every operation.
void require_f32(const char* op, const char* name, const Tensor& tensor) {
  if (!tensor.defined() || tensor.dtype() == DType::f32) return;
  require(false, op, std::string(name) + " of " + dtype_name(tensor.dtype()) + "; activations must be f32");
}

void require_weights(const char* op, const char* name, const Tensor& tensor) {
  const DType dtype = tensor.dtype();
  if (!tensor.defined() || dtype == DType::f32 || dtype == DType::f16 || dtype == DType::bf16) return;
  require(false, op, std::string(name) + " of " + dtype_name(dtype) + "; must be f32, f16 or bf16");
}

void require_elements(const char* op, const char* name, const Tensor& tensor) {
  if (tensor.numel() == 0) require(false, op, named(name, tensor) + " has no elements");
}

}  // namespace easel
