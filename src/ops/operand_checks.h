// operand_checks.h — what ops.cpp and gradients.cpp demand of operands. Each throws InvalidArgument, "[op] …".
#pragma once

#include <string>

#include "tensor/tensor.h"

namespace easel {

void require(bool condition, const char* op, const std::string& what);
// An operand's shape in words, for messages.
std::string named(const char* name, const Tensor& tensor);

// The operand must be defined and of this rank.
void require_rank(const char* op, const char* name, const Tensor& tensor, int rank);
// The operand may be undefined; else it must be [extent], or of this shape.
void require_vector(const char* op, const char* name, const Tensor& tensor, int64_t extent);
void require_shape(const char* op, const char* name, const Tensor& tensor, const Shape& shape);

// What an operand's elements are; undefined ones pass. Kernels read elements where they lie, without a look at the
// dtype. Activations are f32. Weights, biases and tables are f32, f16 or bf16.
void require_f32(const char* op, const char* name, const Tensor& tensor);
void require_weights(const char* op, const char* name, const Tensor& tensor);
// Kernels divide by extents and run at least once over channels.
void require_elements(const char* op, const char* name, const Tensor& tensor);

}  // namespace easel
