// The reference variant against each formula written once more, in f64 and in the order of ops.h.
#include <gtest/gtest.h>

#include <cmath>

#include "ops/cpu/kernels.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

constexpr double kTolerance = tolerance::kRounding;

class ReferenceKernels : public testing::Test {
 protected:
  ReferenceKernels() { cpu::force_kernels("reference"); }
  ~ReferenceKernels() override { cpu::force_kernels(cpu::supported_kernels().front()); }
};

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
double gelu(double x) { return x * 0.5 * (1.0 + std::erf(x / std::sqrt(2.0))); }

// Element [n, c, y, x] of an NCHW picture, zero outside.
double pixel(const Tensor& x, int64_t n, int64_t c, int64_t row, int64_t column) {
  if (row < 0 || row >= x.dim(2) || column < 0 || column >= x.dim(3)) return 0.0;
  return x.f32()[((n * x.dim(1) + c) * x.dim(2) + row) * x.dim(3) + column];
}

TEST_F(ReferenceKernels, ConvolutionIsTheSumOverFilterAndChannels) {
  const Tensor x = random_tensor({2, 5, 6, 3}, 1), picture = nhwc_to_nchw(x);
  const Tensor stored = random_tensor({4, 3, 3, 2}, 2, DType::f16), weight = stored.to_f32();
  const Tensor bias = random_tensor({4}, 3), temb = random_tensor({2, 4}, 4), residual = random_tensor({2, 3, 4, 4}, 5);
  const Tensor got = conv2d(x, stored, bias,
                            {.stride = 2,
                             .padding = {.top = 1, .left = 2, .bottom = 1, .right = 0},
                             .activation = Activation::silu,
                             .channel_bias = temb,
                             .residual = residual});
  Tensor expected = Tensor::empty({2, 3, 4, 4});
  for (int64_t i = 0; i < expected.numel(); ++i) {
    const int64_t n = i / 48, row = i / 16 % 3, column = i / 4 % 4, k = i % 4;
    double sum = double{bias.f32()[k]} + temb.f32()[n * 4 + k];
    for (int64_t c = 0; c < 3; ++c)
      for (int64_t dy = 0; dy < 3; ++dy)
        for (int64_t dx = 0; dx < 2; ++dx)
          sum += pixel(picture, n, c, 2 * row + dy - 1, 2 * column + dx - 2) * pixel(weight, k, c, dy, dx);
    expected.f32()[i] = static_cast<float>(sum * sigmoid(sum) + residual.f32()[i]);
  }
  EXPECT_TRUE(tensors_near(got, expected, kTolerance, kTolerance));
}

TEST_F(ReferenceKernels, LinearIsTheMatrixProduct) {
  const Tensor x = random_tensor({2, 3, 5}, 1), weight = random_tensor({8, 5}, 2), bias = random_tensor({8}, 3);
  Tensor sums = Tensor::empty({2, 3, 8}), gated = Tensor::empty({2, 3, 4});
  for (int64_t row = 0; row < 6; ++row) {
    double sum[8];
    for (int64_t k = 0; k < 8; ++k) {
      sum[k] = bias.f32()[k];
      for (int64_t c = 0; c < 5; ++c) sum[k] += double{x.f32()[row * 5 + c]} * weight.f32()[k * 5 + c];
      sums.f32()[row * 8 + k] = static_cast<float>(sum[k]);
    }
    for (int64_t k = 0; k < 4; ++k) gated.f32()[row * 4 + k] = static_cast<float>(sum[k] * gelu(sum[4 + k]));
  }
  EXPECT_TRUE(tensors_near(linear(x, weight, bias), sums, kTolerance, kTolerance));
  EXPECT_TRUE(tensors_near(linear(x, weight, bias, {.activation = Activation::geglu}), gated, kTolerance, kTolerance));
}

TEST_F(ReferenceKernels, ActivationsAreTheirFormulas) {
  const Tensor x = random_tensor({1000}, 1, DType::f32, 3.0f);
  Tensor silu = Tensor::empty({1000}), exact = Tensor::empty({1000}), quick = Tensor::empty({1000});
  for (int64_t i = 0; i < 1000; ++i) {
    const double v = x.f32()[i];
    silu.f32()[i] = static_cast<float>(v * sigmoid(v));
    exact.f32()[i] = static_cast<float>(gelu(v));
    quick.f32()[i] = static_cast<float>(v * sigmoid(1.702 * v));
  }
  EXPECT_TRUE(tensors_near(activate(x, Activation::silu), silu, kTolerance, kTolerance));
  EXPECT_TRUE(tensors_near(activate(x, Activation::gelu), exact, kTolerance, kTolerance));
  EXPECT_TRUE(tensors_near(activate(x, Activation::quick_gelu), quick, kTolerance, kTolerance));
}

TEST_F(ReferenceKernels, AttentionIsTheSoftmaxWeightedMean) {
  constexpr int64_t kTokens = 4, kHeads = 2, kHeadSize = 3, kChannels = kHeads * kHeadSize;
  const Tensor q = random_tensor({1, kTokens, kChannels}, 1), k = random_tensor({1, kTokens, kChannels}, 2),
               v = random_tensor({1, kTokens, kChannels}, 3);
  for (const bool causal : {false, true}) {
    Tensor expected = Tensor::empty(q.shape());
    for (int64_t i = 0; i < kTokens * kHeads; ++i) {
      const int64_t query = i / kHeads, base = i % kHeads * kHeadSize;
      double total = 0.0, sums[kHeadSize] = {};
      for (int64_t key = 0; key < (causal ? query + 1 : kTokens); ++key) {
        double dot = 0.0;
        for (int64_t d = base; d < base + kHeadSize; ++d)
          dot += double{q.f32()[query * kChannels + d]} * k.f32()[key * kChannels + d];
        const double weight = std::exp(dot / std::sqrt(3.0));
        total += weight;
        for (int64_t d = 0; d < kHeadSize; ++d) sums[d] += weight * v.f32()[key * kChannels + base + d];
      }
      for (int64_t d = 0; d < kHeadSize; ++d)
        expected.f32()[query * kChannels + base + d] = static_cast<float>(sums[d] / total);
    }
    EXPECT_TRUE(
        tensors_near(attention(q, k, v, {.num_heads = kHeads, .causal = causal}), expected, kTolerance, kTolerance));
  }
}

TEST_F(ReferenceKernels, NormsCentreAndScale) {
  const Tensor x = random_tensor({2, 2, 3, 4}, 1), weight = random_tensor({4}, 2), bias = random_tensor({4}, 3);
  Tensor groups = Tensor::empty(x.shape()), layers = Tensor::empty(x.shape());
  const auto normalised = [&](int64_t i, auto same_set, double eps) {
    double sum = 0.0, squares = 0.0, count = 0.0;
    for (int64_t j = 0; j < x.numel(); ++j)
      if (same_set(i, j)) sum += x.f32()[j], ++count;
    for (int64_t j = 0; j < x.numel(); ++j)
      if (same_set(i, j)) squares += std::pow(x.f32()[j] - sum / count, 2.0);
    return (x.f32()[i] - sum / count) / std::sqrt(squares / count + eps) * weight.f32()[i % 4] + bias.f32()[i % 4];
  };
  for (int64_t i = 0; i < x.numel(); ++i) {
    const auto same_group = [](int64_t a, int64_t b) { return a / 24 == b / 24 && a % 4 / 2 == b % 4 / 2; };
    const auto same_row = [](int64_t a, int64_t b) { return a / 4 == b / 4; };
    const double value = normalised(i, same_group, 1e-3);
    groups.f32()[i] = static_cast<float>(value * sigmoid(value));
    layers.f32()[i] = static_cast<float>(normalised(i, same_row, 1e-5));
  }
  const GroupNormOptions options{.num_groups = 2, .eps = 1e-3f, .fuse_silu = true};
  EXPECT_TRUE(tensors_near(group_norm(x, weight, bias, options), groups, kTolerance, kTolerance));
  EXPECT_TRUE(tensors_near(layer_norm(x, weight, bias), layers, kTolerance, kTolerance));
}

}  // namespace
}  // namespace easel
