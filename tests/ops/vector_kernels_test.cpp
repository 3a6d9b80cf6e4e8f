// Every variant that this CPU supports against the reference: the shapes of Stable Diffusion (cut down where the
// reference would take seconds), odd sizes, tails, dtypes, fused forms; and the same bits for any number of threads.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "ops/cpu/kernels.h"
#include "ops/kernel_variant.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

std::vector<std::string> vector_variants() {
  std::vector<std::string> names = cpu::supported_kernels();
  names.pop_back();  // the reference
  return names;
}

class VectorKernels : public KernelVariant {
 protected:
  void compare(const std::string& what, const std::function<Tensor()>& operation, double tolerance) {
    cpu::force_kernels("reference");
    const Tensor expected = operation();
    cpu::force_kernels(GetParam());
    ASSERT_EQ(cpu::kernels_name(), GetParam());
    EXPECT_TRUE(tensors_near(run_on_any_threads(what, operation), expected, tolerance, tolerance)) << what;
  }
};

INSTANTIATE_TEST_SUITE_P(Variants, VectorKernels, testing::ValuesIn(vector_variants()),
                         [](const auto& test) { return test.param; });

constexpr DType kWeightDTypes[] = {DType::f32, DType::f16, DType::bf16};

// Weights of about unit gain, so that results are of the order of one and tolerances mean the same for every shape.
Tensor weight_of(const Shape& shape, uint32_t seed, DType dtype) {
  const double fan_in = static_cast<double>(shape.numel()) / static_cast<double>(shape[0]);
  return random_tensor(shape, seed, dtype, static_cast<float>(1.0 / std::sqrt(fan_in)));
}

struct ConvolutionCase {
  int64_t batch, height, width, in_channels, out_channels, kernel;
  int stride = 1;
  Padding padding{};
};

std::string describe(const ConvolutionCase& c) {
  return Shape{c.batch, c.height, c.width, c.in_channels}.to_string() + " -> " + std::to_string(c.out_channels) +
         ", kernel " + std::to_string(c.kernel) + ", stride " + std::to_string(c.stride);
}

const ConvolutionCase kConvolutions[] = {
    // channels of tails, widths of tails
    {1, 7, 7, 3, 13, 3, 1, Padding::all(1)},
    {2, 5, 13, 4, 24, 3, 1, Padding::all(1)},
    {1, 9, 1, 5, 8, 3, 1, Padding::all(1)},
    {1, 6, 7, 9, 4, 3, 1, Padding::all(1)},
    {1, 13, 13, 17, 3, 3, 1, Padding::all(1)},
    {1, 4, 5, 70, 66, 3, 1, Padding::all(1)},
    {1, 3, 3, 33, 17, 1},
    {2, 7, 7, 17, 24, 5, 2, Padding::all(2)},
    {1, 8, 8, 3, 13, 4, 4},
    // strides and one-sided padding of the down-sampling layers
    {2, 8, 8, 40, 40, 3, 2, Padding::all(1)},
    {1, 9, 8, 24, 24, 3, 2, {.top = 0, .left = 0, .bottom = 1, .right = 1}},
    // large channel counts: several chunks and column blocks
    {1, 8, 8, 320, 130, 3, 2, Padding::all(1)},
    {2, 16, 16, 64, 64, 3, 1, Padding::all(1)},
    {1, 13, 18, 96, 80, 3, 1, Padding::all(1)},
    {2, 12, 9, 128, 67, 3, 1, Padding::all(1)},
    {1, 17, 8, 64, 72, 3, 1, {.top = 0, .left = 1, .bottom = 2, .right = 0}},
    {1, 8, 8, 1280, 64, 3, 1, Padding::all(1)},
    {3, 4, 4, 128, 96, 3, 1, Padding::all(1)},
    // few channels: groups of tiles of their own
    {1, 30, 37, 16, 16, 3, 1, Padding::all(1)},
    {2, 23, 21, 32, 48, 3, 1, Padding::all(1)},
};

TEST_P(VectorKernels, ConvolutionsOfEveryShapeAgree) {
  for (const ConvolutionCase& c : kConvolutions) {
    const Tensor x = random_tensor({c.batch, c.height, c.width, c.in_channels}, 1);
    for (DType dtype : kWeightDTypes) {
      const Tensor weight = weight_of({c.out_channels, c.in_channels, c.kernel, c.kernel}, 2, dtype);
      const Tensor bias = random_tensor({c.out_channels}, 3, dtype);
      compare(
          describe(c) + ", " + dtype_name(dtype),
          [&] { return conv2d(x, weight, bias, {.stride = c.stride, .padding = c.padding}); }, tolerance::kConvolution);
    }
  }
}

TEST_P(VectorKernels, FusedFormsOfConvolutionsAgree) {
  for (const int64_t channels : {20, 64}) {
    const Tensor x = random_tensor({2, 9, 10, channels}, 1), weight = weight_of({72, channels, 3, 3}, 2, DType::f16);
    const Tensor bias = random_tensor({72}, 3), temb = random_tensor({2, 72}, 4);
    const Tensor residual = random_tensor({2, 9, 10, 72}, 5);
    for (const Activation activation : {Activation::none, Activation::silu, Activation::gelu, Activation::quick_gelu})
      compare(
          "activation " + std::to_string(static_cast<int>(activation)),
          [&] {
            return conv2d(
                x, weight, bias,
                {.padding = Padding::all(1), .activation = activation, .channel_bias = temb, .residual = residual});
          },
          tolerance::kConvolution);
    compare(
        "no bias", [&] { return conv2d(x, weight, Tensor(), {.padding = Padding::all(1)}); }, tolerance::kConvolution);
  }
}

TEST_P(VectorKernels, LinearLayersAgree) {
  struct Case {
    int64_t rows, in, out;
  };
  for (const auto& [rows, in, out] : {Case{1, 320, 1280},
                                      {2, 3, 4},
                                      {7, 5, 13},
                                      {77, 768, 320},
                                      {130, 640, 66},
                                      {1500, 64, 200},
                                      {4, 17, 8},
                                      {13, 1283, 70}}) {
    const Tensor x = random_tensor({rows, in}, 1), residual = random_tensor({rows, out}, 4);
    const Tensor gated_residual = random_tensor({rows, out / 2}, 5);
    for (DType dtype : kWeightDTypes) {
      const Tensor weight = weight_of({out, in}, 2, dtype), bias = random_tensor({out}, 3, dtype);
      const std::string what = x.shape().to_string() + " -> " + std::to_string(out) + ", " + dtype_name(dtype);
      compare(
          what, [&] { return linear(x, weight, bias, {.residual = residual}); }, tolerance::kConvolution);
      if (out % 2 == 0)
        compare(
            what + ", geglu",
            [&] { return linear(x, weight, bias, {.activation = Activation::geglu, .residual = gated_residual}); },
            tolerance::kConvolution);
    }
  }
}

TEST_P(VectorKernels, AttentionOfEveryHeadSizeAgrees) {
  struct Case {
    int64_t batch, queries, keys, heads, head_size;
    bool causal;
  };
  for (const auto& c : {Case{2, 256, 256, 2, 40, false},
                        {1, 100, 77, 8, 40, false},
                        {1, 77, 77, 3, 64, true},
                        {1, 70, 300, 2, 80, false},
                        {2, 33, 129, 1, 160, false},
                        {1, 50, 64, 1, 512, false},
                        {1, 300, 300, 1, 7, true},
                        {3, 1, 1, 2, 1, false},
                        {1, 13, 5, 2, 33, false}}) {
    const Tensor q = random_tensor({c.batch, c.queries, c.heads * c.head_size}, 1, DType::f32, 2.0f);
    const Tensor k = random_tensor({c.batch, c.keys, c.heads * c.head_size}, 2, DType::f32, 2.0f);
    const Tensor v = random_tensor({c.batch, c.keys, c.heads * c.head_size}, 3);
    compare(
        q.shape().to_string() + " keys " + std::to_string(c.keys) + " heads " + std::to_string(c.heads),
        [&] { return attention(q, k, v, {.num_heads = c.heads, .causal = c.causal}); }, tolerance::kAttention);
  }
}

TEST_P(VectorKernels, AttentionSurvivesLargeScores) {
  const Tensor q = random_tensor({1, 64, 40}, 1, DType::f32, 100.0f), k = random_tensor({1, 200, 40}, 2);
  const Tensor v = random_tensor({1, 200, 40}, 3);
  compare(
      "scores of hundreds", [&] { return attention(q, k, v, {.num_heads = 1, .scale = 1.0f}); },
      tolerance::kLargeScores);
}

TEST_P(VectorKernels, NormsAgree) {
  struct Case {
    int64_t batch, height, width, channels, groups;
  };
  for (const auto& c : {Case{2, 16, 16, 320, 32},
                        {1, 40, 40, 128, 32},
                        {1, 7, 3, 24, 8},
                        {2, 1, 1, 2560, 32},
                        {1, 5, 5, 6, 2},
                        {3, 3, 5, 17, 17},
                        {1, 30, 31, 33, 3}}) {
    // A mean of 30 standard deviations: what a one-pass variance in f32 would lose half its digits on.
    const Tensor x = weighted_sum({{1.0, random_tensor({c.batch, c.height, c.width, c.channels}, 1)},
                                   {30.0, Tensor::full({c.batch, c.height, c.width, c.channels}, 1.0f)}});
    const Tensor weight = random_tensor({c.channels}, 2, DType::f16), bias = random_tensor({c.channels}, 3);
    const std::string what = x.shape().to_string();
    for (const bool silu : {false, true})
      compare(
          "group_norm " + what,
          [&] { return group_norm(x, weight, bias, {.num_groups = c.groups, .eps = 1e-5f, .fuse_silu = silu}); },
          tolerance::kNorm);
    compare(
        "layer_norm " + what, [&] { return layer_norm(x, weight, bias); }, tolerance::kNorm);
  }
}

TEST_P(VectorKernels, StatisticsOfLargePicturesAreExact) {
  const Tensor x = random_tensor({1, 200, 300, 16}, 1, DType::f32, 3.0f);
  compare(
      "statistics", [&] { return group_norm_statistics(x, 4); }, tolerance::kStatistics);
}

TEST_P(VectorKernels, ActivationsAgreeOverTheirWholeRange) {
  std::vector<float> values;
  for (int i = -30000; i <= 30000; ++i) values.push_back(static_cast<float>(i) * 1e-3f);
  for (const float extreme : {-1e30f, -100.0f, 100.0f, 1e30f, 0.0f, -0.0f, 1e-30f}) values.push_back(extreme);
  const Tensor x = Tensor::from({static_cast<int64_t>(values.size())}, std::span<const float>(values));
  for (const Activation activation : {Activation::silu, Activation::gelu, Activation::quick_gelu})
    compare(
        "activation " + std::to_string(static_cast<int>(activation)), [&] { return activate(x, activation); },
        tolerance::kActivation);
}

TEST_P(VectorKernels, NotANumberIsNeverHidden) {
  cpu::force_kernels(GetParam());
  Tensor x = random_tensor({1, 8, 8, 64}, 1);
  x.f32()[0] = std::nanf("");
  const auto first_is_nan = [](const Tensor& y) { return std::isnan(y.f32()[0]); };
  const Tensor tokens = x.view({1, 64, 64}), ones = Tensor::full({64}, 1.0f);
  EXPECT_TRUE(first_is_nan(conv2d(x, random_tensor({64, 64, 3, 3}, 2), Tensor(), {.padding = Padding::all(1)})));
  EXPECT_TRUE(first_is_nan(conv2d(x, random_tensor({4, 64, 1, 1}, 2), Tensor())));
  EXPECT_TRUE(first_is_nan(attention(tokens, random_tensor({1, 64, 64}, 2), random_tensor({1, 64, 64}, 3), {})));
  EXPECT_TRUE(first_is_nan(group_norm(x, ones, ones, {.num_groups = 32, .fuse_silu = true})));
  EXPECT_TRUE(first_is_nan(layer_norm(x, ones, ones)));
  for (const Activation activation : {Activation::silu, Activation::gelu, Activation::quick_gelu})
    EXPECT_TRUE(first_is_nan(activate(x, activation)));
}

}  // namespace
}  // namespace easel
