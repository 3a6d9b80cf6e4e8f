#include "ops/random_tensor.h"

#include <algorithm>
#include <random>

namespace easel {

Tensor random_tensor(const Shape& shape, uint32_t seed, DType dtype, float scale) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0.0f, scale);
  Tensor values = Tensor::empty(shape, dtype);
  for (int64_t i = 0; i < values.numel(); ++i) {
    const float value = normal(engine);
    if (dtype == DType::f16)
      values.data<uint16_t>()[i] = f32_to_f16(value);
    else if (dtype == DType::bf16)
      values.data<uint16_t>()[i] = f32_to_bf16(value);
    else
      values.f32()[i] = value;
  }
  return values;
}

}  // namespace easel
