// What the operations say about operands that do not fit.
#include "ops/ops.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "easel/error.h"

namespace easel {
namespace {

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    return error.what();
  }
  return "no error";
}

const Tensor kNone;

TEST(Operands, LinearNamesTheShapesThatDoNotFit) {
  const Tensor x = Tensor::zeros({2, 3}), weight = Tensor::zeros({4, 5});
  EXPECT_EQ(message_of([&] { linear(x, weight, kNone); }), "[linear] weight [4, 5] does not fit x [2, 3]");
  EXPECT_EQ(message_of([&] {
              linear(x, Tensor::zeros({4, 3}), Tensor::zeros({5}));
            }),
            "[linear] bias [5]; must be [4]");
  EXPECT_EQ(message_of([&] {
              linear(x, Tensor::zeros({5, 3}), kNone, {.activation = Activation::geglu});
            }),
            "[linear] geglu needs an even C_out, weight [5, 3]");
  EXPECT_EQ(message_of([&] {
              linear(x, Tensor::zeros({4, 3}), kNone, {.residual = Tensor::zeros({2, 5})});
            }),
            "[linear] residual [2, 5]; must be [2, 4]");
}

TEST(Operands, ConvolutionLargerThanThePictureIsRefused) {
  const Tensor x = Tensor::zeros({1, 2, 2, 3}), weight = Tensor::zeros({4, 3, 3, 3});
  EXPECT_EQ(message_of([&] { conv2d(x, weight, kNone); }),
            "[conv2d] x [1, 2, 2, 3] is smaller than the filter of weight [4, 3, 3, 3]");
  EXPECT_EQ(message_of([&] { conv2d(x, weight, kNone, {.stride = 0}); }), "[conv2d] stride = 0; must be >= 1");
  EXPECT_EQ(message_of([&] {
              conv2d(x, weight, kNone, {.padding = Padding::all(1), .channel_bias = Tensor::zeros({2, 4})});
            }),
            "[conv2d] channel_bias [2, 4]; must be [1, 4]");
}

TEST(Operands, GroupsMustDivideTheChannels) {
  const Tensor x = Tensor::zeros({1, 2, 2, 6}), weight = Tensor::zeros({6});
  EXPECT_EQ(message_of([&] { group_norm(x, weight, weight, {.num_groups = 4}); }),
            "[group_norm] num_groups = 4 must divide the channels of x [1, 2, 2, 6]");
}

TEST(Operands, AttentionChecksHeadsAndKeys) {
  const Tensor q = Tensor::zeros({1, 4, 6}), k = Tensor::zeros({1, 5, 6});
  EXPECT_EQ(message_of([&] { attention(q, k, k, {.num_heads = 4}); }),
            "[attention] num_heads = 4 must divide the channels of q [1, 4, 6]");
  EXPECT_EQ(message_of([&] { attention(q, k, k, {.causal = true}); }),
            "[attention] causal needs as many keys as queries");
}

TEST(Operands, MovesCheckAxesAndRanges) {
  const Tensor x = Tensor::zeros({2, 3});
  EXPECT_EQ(message_of([&] { slice(x, 1, 2, 4); }), "[slice] 2..4 along axis 1 of x [2, 3]");
  EXPECT_EQ(message_of([&] {
              concat({x, Tensor::zeros({3, 4})}, 0);
            }),
            "[concat] tensor [3, 4] does not fit first [2, 3]");
  EXPECT_EQ(message_of([&] { permute(x, {0, 0}); }), "[permute] order must name each dimension of x [2, 3] once");
  EXPECT_EQ(message_of([&] { reshape(x, {4}); }), "[reshape] x [2, 3] to [4]");
}

TEST(Operands, DtypesThatKernelsCannotReadAreRefused) {
  const Tensor x = Tensor::zeros({2, 3});
  EXPECT_EQ(message_of([&] {
              linear(x, Tensor::empty({4, 3}, DType::i32), kNone);
            }),
            "[linear] weight of i32; must be f32, f16 or bf16");
  EXPECT_EQ(message_of([&] {
              linear(Tensor::empty({2, 3}, DType::f16), Tensor::zeros({4, 3}), kNone);
            }),
            "[linear] x of f16; activations must be f32");
}

TEST(Operands, EmptyOnesAreRefusedByArithmetic) {
  const Tensor pictures = Tensor::zeros({0, 4, 4, 2}), weight = Tensor::zeros({2}), tokens = Tensor::zeros({1, 0, 4});
  EXPECT_EQ(message_of([&] {
              conv2d(pictures, Tensor::zeros({3, 2, 1, 1}), kNone);
            }),
            "[conv2d] x [0, 4, 4, 2] has no elements");
  EXPECT_EQ(message_of([&] {
              linear(Tensor::zeros({2, 0}), Tensor::zeros({4, 0}), kNone);
            }),
            "[linear] weight [4, 0] has no elements");
  EXPECT_EQ(message_of([&] { group_norm(pictures, weight, weight, {.num_groups = 1}); }),
            "[group_norm] x [0, 4, 4, 2] has no elements");
  EXPECT_EQ(message_of([&] {
              attention(tokens, Tensor::zeros({1, 3, 4}), Tensor::zeros({1, 3, 4}), {});
            }),
            "[attention] q [1, 0, 4] has no elements");
}

}  // namespace
}  // namespace easel
