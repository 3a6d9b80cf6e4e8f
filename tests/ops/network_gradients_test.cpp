// Gradients of norms, attention, activations and resizing: every variant against central differences of the forward,
// and the vector variants against the reference, over the shapes of training and odd ones; errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "easel/error.h"
#include "ops/cpu/kernels.h"
#include "ops/gradients.h"
#include "ops/kernel_variant.h"
#include "ops/random_tensor.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

using Tensors = std::vector<Tensor>;

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0.0;
  for (int64_t i = 0; i < a.numel(); ++i) sum += double{a.f32()[i]} * b.f32()[i];
  return sum;
}

class NetworkGradients : public KernelVariant {
 protected:
  // gradients(): one tensor for each operand. Compares with the reference's, relative to the largest element of each.
  void expect_as_reference(const std::string& what, const std::function<Tensors()>& gradients) {
    cpu::force_kernels("reference");
    const Tensors expected = gradients();
    cpu::force_kernels(GetParam());
    for (size_t i = 0; i < expected.size(); ++i) {
      const std::string name = what + ", operand " + std::to_string(i);
      const Tensor got = run_on_any_threads(name, [&] { return gradients()[i]; });
      float largest = 0.0f;
      for (float value : expected[i].span()) largest = std::max(largest, std::abs(value));
      EXPECT_TRUE(tensors_near(got, expected[i], 0.0, tolerance::kNetworkGradient * largest)) << name;
    }
  }

  // d/dt of <grad_y, forward(operands + t direction)> against <gradient, direction>, for each operand in turn.
  void expect_as_differences(const std::string& what, const Tensors& operands, const Tensors& gradients,
                             const std::function<Tensor(const Tensors&)>& forward, const Tensor& grad_y) {
    constexpr double kStep = 1e-2;  // cube root of f32's epsilon, the best step of a central difference
    for (size_t i = 0; i < operands.size(); ++i) {
      const Tensor direction = random_tensor(operands[i].shape(), 77 + static_cast<uint32_t>(i));
      const auto loss_at = [&](double t) {
        Tensors moved = operands;
        moved[i] = weighted_sum({{1.0, operands[i]}, {t, direction}});
        return dot(grad_y, forward(moved));
      };
      const double size = std::sqrt(dot(gradients[i], gradients[i]) * dot(direction, direction));
      EXPECT_NEAR(dot(gradients[i], direction), (loss_at(kStep) - loss_at(-kStep)) / (2 * kStep),
                  tolerance::kCentralDifference * size)
          << what << ", operand " << i;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Variants, NetworkGradients, testing::ValuesIn(cpu::supported_kernels()),
                         [](const auto& test) { return test.param; });

Tensors listed(const NormGradients& g) { return {g.x, g.weight, g.bias}; }
Tensors listed(const AttentionGradients& g) { return {g.q, g.k, g.v}; }

struct NormCase {
  int64_t batch, height, width, channels, groups;
};
const NormCase kNorms[] = {{2, 16, 16, 64, 32}, {3, 4, 4, 256, 32}, {1, 33, 32, 16, 4},
                           {2, 1, 1, 96, 32},   {1, 7, 3, 24, 8},   {1, 5, 5, 6, 2},
                           {3, 3, 5, 17, 17},   {1, 30, 31, 33, 3}, {70, 1, 2, 8, 1}};

TEST_P(NetworkGradients, OfGroupNorm) {
  for (const NormCase& c : kNorms)
    for (const bool silu : {false, true}) {
      const Shape shape{c.batch, c.height, c.width, c.channels};
      const Tensor grad_y = random_tensor(shape, 1), x = random_tensor(shape, 2, DType::f32, 2.0f);
      const Tensor weight = random_tensor({c.channels}, 3), bias = random_tensor({c.channels}, 4);
      const GroupNormOptions options{.num_groups = c.groups, .fuse_silu = silu};
      const auto gradients = [&] {
        return listed(group_norm_grad(grad_y, x, group_norm_statistics(x, c.groups), weight, bias, options));
      };
      const std::string what = shape.to_string() + (silu ? ", silu" : "");
      expect_as_reference(what, gradients);
      if (c.height * c.width * c.channels / c.groups >= 16)  // else a step of 1e-2 is far from small
        expect_as_differences(
            what, {x, weight, bias}, gradients(),
            [&](const Tensors& o) { return group_norm(o[0], o[1], o[2], options); }, grad_y);
    }
}

TEST_P(NetworkGradients, OfLayerNorm) {
  for (const Shape& shape : {Shape{3, 40, 128}, {2, 256, 64}, {700, 33}, {1, 5}, {9, 5}, {2, 3, 257}}) {
    const Tensor grad_y = random_tensor(shape, 1), x = random_tensor(shape, 2, DType::f32, 2.0f);
    const Tensor weight = random_tensor({shape[-1]}, 3), bias = random_tensor({shape[-1]}, 4);
    const auto gradients = [&] { return listed(layer_norm_grad(grad_y, x, weight, 1e-5f)); };
    expect_as_reference(shape.to_string(), gradients);
    if (shape[-1] >= 16)
      expect_as_differences(
          shape.to_string(), {x, weight, bias}, gradients(),
          [](const Tensors& o) { return layer_norm(o[0], o[1], o[2], 1e-5f); }, grad_y);
  }
}

// A mean of 30 deviations, where x - mean is all that counts.
TEST_P(NetworkGradients, OfNormsSurviveLargeMeans) {
  const Shape shape{2, 8, 8, 32};
  const Tensor x = weighted_sum({{1.0, random_tensor(shape, 1)}, {30.0, Tensor::full(shape, 1.0f)}});
  const Tensor grad_y = random_tensor(shape, 2), weight = random_tensor({32}, 3), bias = random_tensor({32}, 4);
  const Tensor statistics = group_norm_statistics(x, 8);
  expect_as_reference("group_norm", [&] {
    return listed(group_norm_grad(grad_y, x, statistics, weight, bias, {.num_groups = 8, .fuse_silu = true}));
  });
  expect_as_reference("layer_norm", [&] { return listed(layer_norm_grad(grad_y, x, weight, 1e-5f)); });
}

struct AttentionCase {
  int64_t batch, queries, keys, heads, head_size;
  bool causal;
};
const AttentionCase kAttentions[] = {
    {2, 256, 256, 4, 16, false}, {2, 64, 40, 4, 32, false},  {3, 16, 16, 4, 64, false}, {2, 40, 40, 2, 32, true},
    {1, 100, 77, 2, 40, false},  {1, 70, 300, 1, 80, false}, {1, 33, 600, 1, 8, false}, {1, 60, 60, 1, 7, true},
    {3, 1, 1, 2, 1, false},      {1, 13, 5, 2, 33, false},   {1, 64, 64, 1, 256, false}};

TEST_P(NetworkGradients, OfAttention) {
  for (const AttentionCase& c : kAttentions) {
    const Tensor q = random_tensor({c.batch, c.queries, c.heads * c.head_size}, 1);
    const Tensor k = random_tensor({c.batch, c.keys, c.heads * c.head_size}, 2);
    const Tensor v = random_tensor(k.shape(), 3), grad_y = random_tensor(q.shape(), 4);
    const AttentionOptions options{.num_heads = c.heads, .causal = c.causal};
    const auto gradients = [&] { return listed(attention_grad(grad_y, q, k, v, options)); };
    const std::string what = q.shape().to_string() + " keys " + std::to_string(c.keys);
    expect_as_reference(what, gradients);
    if (c.keys > 1)  // one key: probabilities are 1, and gradients of q and k zero
      expect_as_differences(
          what, {q, k, v}, gradients(), [&](const Tensors& o) { return attention(o[0], o[1], o[2], options); }, grad_y);
  }
}

TEST_P(NetworkGradients, OfAttentionSurviveLargeScores) {
  const Tensor q = random_tensor({1, 32, 16}, 1, DType::f32, 100.0f), k = random_tensor({1, 50, 16}, 2);
  const AttentionGradients g = attention_grad(random_tensor(q.shape(), 3), q, k, random_tensor(k.shape(), 4), {});
  for (const Tensor& gradient : listed(g))
    EXPECT_TRUE(
        std::all_of(gradient.f32(), gradient.f32() + gradient.numel(), [](float x) { return std::isfinite(x); }));
}

TEST_P(NetworkGradients, OfActivations) {
  constexpr Activation kActivations[] = {Activation::silu, Activation::gelu, Activation::quick_gelu, Activation::geglu};
  for (const Shape& shape : {Shape{20000}, {300, 70}, {2, 3, 26}})
    for (const Activation activation : kActivations) {
      const Tensor x = random_tensor(shape, 1, DType::f32, 3.0f);
      const Tensor grad_y = random_tensor(activate(x, activation).shape(), 2);
      const auto gradients = [&] { return Tensors{activate_grad(grad_y, x, activation)}; };
      const std::string what = shape.to_string() + ", activation " + std::to_string(static_cast<int>(activation));
      expect_as_reference(what, gradients);
      expect_as_differences(
          what, {x}, gradients(), [&](const Tensors& o) { return activate(o[0], activation); }, grad_y);
    }
}

TEST_P(NetworkGradients, GegluIsTheFusedOneOfLinear) {
  const Tensor x = random_tensor({9, 33}, 1), weight = random_tensor({38, 33}, 2, DType::f32, 0.2f);
  const Tensor bias = random_tensor({38}, 3);
  EXPECT_TRUE(tensors_near(activate(linear(x, weight, bias), Activation::geglu),
                           linear(x, weight, bias, {.activation = Activation::geglu}), tolerance::kActivation,
                           tolerance::kActivation));
}

TEST_P(NetworkGradients, OfUpsamplingAreSumsOverTheCopies) {
  for (const auto& [from, to] :
       {std::pair{Shape{2, 4, 5, 3}, Shape{2, 8, 10, 3}}, {{1, 3, 4, 7}, {1, 7, 5, 7}}, {{1, 5, 5, 2}, {1, 3, 2, 2}}}) {
    const Tensor x = random_tensor(from, 1), grad_y = random_tensor(to, 2);
    const Tensor gradient =
        run_on_any_threads(to.to_string(), [&] { return upsample_nearest_grad(grad_y, x.shape()); });
    // The operation is linear: <grad_y, upsample(x)> = <gradient, x>.
    EXPECT_NEAR(dot(grad_y, upsample_nearest(x, to[1], to[2])), dot(gradient, x), 1e-4) << to.to_string();
  }
}

TEST_P(NetworkGradients, PixelSumsAddEachSampleByItself) {
  const Tensor grad_y = random_tensor({3, 4, 5, 7}, 1);
  const Tensor sums = run_on_any_threads("pixel_sums", [&] { return pixel_sums(grad_y); });
  for (int64_t i = 0; i < sums.numel(); ++i) {
    double expected = 0.0;
    for (int64_t pixel = 0; pixel < 20; ++pixel) expected += grad_y.f32()[(i / 7 * 20 + pixel) * 7 + i % 7];
    EXPECT_NEAR(sums.f32()[i], expected, 1e-5);
  }
}

TEST(NetworkGradientOperands, ThatDoNotFitAreRefused) {
  const Tensor x = Tensor::zeros({1, 2, 2, 4}), weight = Tensor::zeros({4}), tokens = Tensor::zeros({1, 4, 4});
  EXPECT_THROW(group_norm_grad(x, x, Tensor::zeros({1, 3, 3}), weight, weight, {.num_groups = 2}), Error);
  EXPECT_THROW(group_norm_grad(tokens, x, Tensor::zeros({1, 2, 3}), weight, weight, {.num_groups = 2}), Error);
  EXPECT_THROW(layer_norm_grad(x, tokens, weight, 1e-5f), Error);
  EXPECT_THROW(layer_norm_grad(x, x, Tensor::zeros({5}), 1e-5f), Error);
  EXPECT_THROW(attention_grad(tokens, tokens, tokens, Tensor::zeros({1, 5, 4}), {}), Error);
  EXPECT_THROW(attention_grad(tokens, tokens, tokens, tokens, {.num_heads = 3}), Error);
  EXPECT_THROW(activate_grad(tokens, tokens, Activation::geglu), Error);
  EXPECT_THROW(upsample_nearest_grad(x, {2, 1, 1, 4}), Error);
}

}  // namespace
}  // namespace easel
