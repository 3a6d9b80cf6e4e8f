#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "easel/error.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

constexpr int64_t kCount = 50001;  // several blocks and a tail

template <typename Function>
Tensor mapped(const Tensor& x, const Function& function) {
  Tensor y = Tensor::empty(x.shape());
  std::transform(x.f32(), x.f32() + x.numel(), y.f32(), function);
  return y;
}

TEST(WeightedSum, AddsScaledTerms) {
  const Tensor a = random_tensor({kCount}, 1), b = random_tensor({kCount}, 2);
  Tensor expected = Tensor::empty({kCount});
  for (int64_t i = 0; i < kCount; ++i) expected.f32()[i] = static_cast<float>(2.0 * a.f32()[i] - 0.5 * b.f32()[i]);
  EXPECT_TRUE(tensors_near(weighted_sum({{2.0, a}, {-0.5, b}}), expected, tolerance::kRounding, tolerance::kRounding));
}

TEST(Add, SumsAndMultiplyMultiplies) {
  const Tensor a = random_tensor({kCount}, 1), b = random_tensor({kCount}, 2);
  const Tensor sum = add(a, b), product = multiply(a, b);
  for (int64_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(sum.f32()[i], a.f32()[i] + b.f32()[i]);
    ASSERT_EQ(product.f32()[i], a.f32()[i] * b.f32()[i]);
  }
}

TEST(Clamp, LimitsToTheRange) {
  const Tensor x = random_tensor({kCount}, 3);
  EXPECT_TRUE(tensors_identical(clamp(x, -0.5f, 1.0f), mapped(x, [](float v) { return std::clamp(v, -0.5f, 1.0f); })));
}

// What networks had before: the sum with a tensor of a constant.
TEST(Affine, HasTheBitsOfASumWithAConstant) {
  const Tensor x = random_tensor({kCount}, 4), ones = Tensor::full({kCount}, 1.0f);
  EXPECT_TRUE(tensors_identical(affine(x, 0.3, -0.7), weighted_sum({{0.3, x}, {-0.7, ones}})));
}

TEST(Elementwise, HalfPrecisionActivationsAreRefused) {
  const Tensor x = random_tensor({4}, 1, DType::f16);
  EXPECT_THROW(multiply(x, x), Error);
}

}  // namespace
}  // namespace easel
