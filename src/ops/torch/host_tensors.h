// host_tensors.h — LibTorch's CPU tensors as tensors of the cpu backend and back, sharing the elements.
#pragma once

#include <ATen/ATen.h>

#include "tensor/tensor.h"

namespace easel {

// A host tensor over the elements of a CPU tensor, which it keeps alive; over a contiguous copy where the elements are
// strided. Undefined for an undefined one.
Tensor borrow(const at::Tensor& tensor);

// A CPU tensor over the elements of a host tensor, which it keeps alive.
at::Tensor lend(const Tensor& host);

}  // namespace easel
