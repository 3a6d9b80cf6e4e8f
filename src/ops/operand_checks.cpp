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

}  // namespace easel
