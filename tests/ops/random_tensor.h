// random_tensor.h — operands for tests: normal values from a seed.
#pragma once

#include "tensor/tensor.h"

namespace easel {

// Values scale * N(0, 1), rounded to `dtype` (f32, f16 or bf16).
Tensor random_tensor(const Shape& shape, uint32_t seed, DType dtype = DType::f32, float scale = 1.0f);

}  // namespace easel
