#include <gtest/gtest.h>

#include <numeric>

#include "easel/error.h"
#include "ops/ops.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

Tensor counting(const Shape& shape) {
  Tensor x = Tensor::empty(shape);
  std::iota(x.f32(), x.f32() + x.numel(), 0.0f);
  return x;
}

Tensor ids(const Shape& shape, const std::vector<int32_t>& values) { return Tensor::from(shape, std::span(values)); }
Tensor values(const Shape& shape, const std::vector<float>& elements) {
  return Tensor::from(shape, std::span(elements));
}

TEST(Concat, JoinsAlongAnyAxis) {
  const Tensor a = counting({2, 1, 2}), b = values({2, 2, 2}, {10, 11, 12, 13, 14, 15, 16, 17});
  EXPECT_TRUE(tensors_identical(concat({a, b}, 1), values({2, 3, 2}, {0, 1, 10, 11, 12, 13, 2, 3, 14, 15, 16, 17})));
  EXPECT_TRUE(tensors_identical(concat({a, a}, -1), values({2, 1, 4}, {0, 1, 0, 1, 2, 3, 2, 3})));
  EXPECT_TRUE(tensors_identical(concat({a, a}, 0), values({4, 1, 2}, {0, 1, 2, 3, 0, 1, 2, 3})));
}

TEST(Slice, TakesElementsAlongAnyAxis) {
  const Tensor x = counting({2, 3, 2});
  EXPECT_TRUE(tensors_identical(slice(x, 1, 1, 3), values({2, 2, 2}, {2, 3, 4, 5, 8, 9, 10, 11})));
  EXPECT_TRUE(tensors_identical(slice(x, -1, 1, 2), values({2, 3, 1}, {1, 3, 5, 7, 9, 11})));
  EXPECT_EQ(slice(x, 0, 1, 1).shape(), (Shape{0, 3, 2}));
}

TEST(Slice, InvertsConcatOnLargeTensors) {
  const Tensor a = counting({3, 70000, 2}), b = counting({3, 5, 2});
  const Tensor joined = concat({a, b}, 1);
  EXPECT_TRUE(tensors_identical(slice(joined, 1, 0, 70000), a));
  EXPECT_TRUE(tensors_identical(slice(joined, 1, 70000, 70005), b));
}

TEST(Permute, MovesEveryElement) {
  const Tensor x = counting({2, 3, 4});
  const Tensor y = permute(x, {2, 0, 1});
  ASSERT_EQ(y.shape(), (Shape{4, 2, 3}));
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 3; ++j)
      for (int64_t k = 0; k < 4; ++k) EXPECT_EQ(y.f32()[(k * 2 + i) * 3 + j], x.f32()[(i * 3 + j) * 4 + k]);
}

TEST(Permute, AgreesWithTheLayoutConversions) {
  const Tensor x = counting({2, 3, 5, 7});
  EXPECT_TRUE(tensors_identical(permute(x, {0, 2, 3, 1}), nchw_to_nhwc(x)));
}

TEST(UpsampleNearest, RepeatsTheFlooredSource) {
  const Tensor x = counting({1, 2, 3, 1});
  EXPECT_TRUE(tensors_identical(upsample_nearest(x, 4, 5), values({1, 4, 5, 1}, {0, 0, 1, 1, 2, 0, 0, 1, 1, 2,  //
                                                                                 3, 3, 4, 4, 5, 3, 3, 4, 4, 5})));
}

TEST(Embedding, ReadsRowsOfEveryDtype) {
  const Tensor table = counting({4, 3});
  const Tensor expected = values({1, 2, 3}, {9, 10, 11, 3, 4, 5});
  EXPECT_TRUE(tensors_identical(embedding(ids({1, 2}, {3, 1}), table), expected));
  Tensor half = Tensor::empty({4, 3}, DType::f16);
  for (int64_t i = 0; i < 12; ++i) half.data<uint16_t>()[i] = f32_to_f16(static_cast<float>(i));
  EXPECT_TRUE(tensors_identical(embedding(ids({1, 2}, {3, 1}), half), expected));
}

TEST(Embedding, IdOutsideTheTableIsRefused) {
  try {
    embedding(ids({2}, {0, 4}), counting({4, 3}));
    FAIL() << "id 4 of 4 rows was accepted";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[embedding] id 4 at position 1; must be 0..3");
  }
}

TEST(SelectToken, TakesOneTokenOfEachSequence) {
  EXPECT_TRUE(tensors_identical(select_token(counting({2, 3, 2}), ids({2}, {2, 0})), values({2, 2}, {4, 5, 6, 7})));
  EXPECT_THROW(select_token(counting({2, 3, 2}), ids({2}, {3, 0})), Error);
}

TEST(Reshape, KeepsTheElements) {
  EXPECT_EQ(reshape(counting({2, 6}), {3, 4}).to_vector(), counting({3, 4}).to_vector());
}

}  // namespace
}  // namespace easel
