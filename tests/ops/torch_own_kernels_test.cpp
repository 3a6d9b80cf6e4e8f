// The torch backend on our own cpu kernels: results and gradients against LibTorch's own over many shapes, fused forms
// against their parts, only what is needed, the same bits again, and frozen or half-precision weights.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "ops/autograd.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "ops/torch/torch_storage.h"
#include "ops/torch_plugin.h"
#include "ops/torch_settings.h"
#include "tensor/parallel.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

using Operands = std::vector<Tensor>;
using Op = std::function<Tensor(const Operands&)>;

// A result and the gradients of sum(r * result) in each operand; undefined operands have undefined ones.
struct Differentiated {
  Tensor result;
  Operands gradients;
};

Differentiated differentiated(TorchCpuKernels kernels, const Op& op, const Operands& host) {
  set_torch_cpu_kernels(kernels);
  Operands leaves;
  for (const Tensor& operand : host) {
    leaves.push_back(to_backend(operand, BackendKind::torch));
    if (operand.defined()) unwrap(leaves.back()).requires_grad_(true);
  }
  const Tensor y = op(leaves);
  (unwrap(y) * unwrap(to_backend(random_tensor(y.shape(), 99), BackendKind::torch))).sum().backward();
  Differentiated result{to_host(y), {}};
  for (const Tensor& leaf : leaves)
    result.gradients.push_back(leaf.defined() && unwrap(leaf).grad().defined() ? to_host(wrap(unwrap(leaf).grad()))
                                                                               : Tensor());
  return result;
}

// Relative to the largest element.
testing::AssertionResult close(const Tensor& got, const Tensor& expected) {
  float largest = 0.0f;
  for (float value : expected.span()) largest = std::max(largest, std::abs(value));
  return tensors_near(got, expected, 0.0, tolerance::kNetworkGradient * largest);
}

class TorchOwnKernels : public testing::Test {
 protected:
  void SetUp() override { load_torch_backend({.kind = DeviceKind::torch_cpu}); }
  void TearDown() override { set_torch_cpu_kernels(TorchCpuKernels::own); }

  static void expect_as_libtorch(const std::string& what, const Op& op, const Operands& operands) {
    const Differentiated own = differentiated(TorchCpuKernels::own, op, operands);
    const Differentiated other = differentiated(TorchCpuKernels::libtorch, op, operands);
    EXPECT_TRUE(close(own.result, other.result)) << what;
    const Differentiated again = differentiated(TorchCpuKernels::own, op, operands);
    for (size_t i = 0; i < operands.size(); ++i) {
      const std::string name = what + ", operand " + std::to_string(i);
      ASSERT_EQ(own.gradients[i].defined(), operands[i].defined()) << name;
      if (!operands[i].defined()) continue;
      EXPECT_TRUE(close(own.gradients[i], other.gradients[i])) << name;
      EXPECT_TRUE(tensors_identical(again.gradients[i], own.gradients[i])) << name << ", again";
    }
  }
};

Tensor weight_of(const Shape& shape, uint32_t seed) {
  const double fan_in = static_cast<double>(shape.numel()) / static_cast<double>(shape[0]);
  return random_tensor(shape, seed, DType::f32, static_cast<float>(1.0 / std::sqrt(fan_in)));
}

struct ConvolutionCase {
  int64_t batch, height, width, in_channels, out_channels, kernel;
  int stride;
  Padding padding;
};

TEST_F(TorchOwnKernels, ConvolutionsAgreeWithLibTorch) {
  for (const ConvolutionCase& c : {ConvolutionCase{2, 16, 16, 64, 64, 3, 1, Padding::all(1)},
                                   {2, 8, 8, 96, 130, 3, 1, Padding::all(1)},
                                   {1, 9, 8, 24, 24, 3, 2, {.bottom = 1, .right = 1}},
                                   {2, 7, 7, 17, 24, 5, 2, Padding::all(2)},
                                   {1, 3, 3, 33, 17, 1, 1, {}},
                                   {3, 20, 21, 3, 16, 3, 1, Padding::all(1)}}) {
    const Shape x{c.batch, c.height, c.width, c.in_channels};
    const Tensor weight = weight_of({c.out_channels, c.in_channels, c.kernel, c.kernel}, 2);
    const Conv2dOptions plain{.stride = c.stride, .padding = c.padding};
    const Shape y = conv2d(Tensor::zeros(x), weight, Tensor(), plain).shape();
    const Tensor bias = random_tensor({c.out_channels}, 3), temb = random_tensor({c.batch, c.out_channels}, 4);
    const auto op = [&](Activation activation) {
      return [&plain, activation](const Operands& o) {
        Conv2dOptions options = plain;
        options.activation = activation;
        options.channel_bias = o[3];
        options.residual = o[4];
        return conv2d(o[0], o[1], o[2], options);
      };
    };
    const std::string what = x.to_string() + " -> " + y.to_string();
    expect_as_libtorch(what, op(Activation::none), {random_tensor(x, 1), weight, bias, temb, random_tensor(y, 5)});
    expect_as_libtorch(what + " bare", op(Activation::none),
                       {random_tensor(x, 1), weight, Tensor(), Tensor(), Tensor()});
    expect_as_libtorch(what + " silu", op(Activation::silu),
                       {random_tensor(x, 1), weight, bias, temb, random_tensor(y, 5)});
  }
}

TEST_F(TorchOwnKernels, LinearLayersAgreeWithLibTorch) {
  struct Case {
    Shape x;
    int64_t out;
  };
  for (const auto& [x, out] : {Case{{2, 256, 64}, 64}, {{3, 40, 128}, 70}, {{5, 7}, 14}, {{1, 320}, 128}}) {
    const Tensor weight = weight_of({out, x[-1]}, 2), bias = random_tensor({out}, 3);
    for (const Activation activation :
         {Activation::none, Activation::silu, Activation::gelu, Activation::quick_gelu, Activation::geglu}) {
      const int64_t columns = activation == Activation::geglu ? out / 2 : out;
      const auto op = [&](const Operands& o) {
        return linear(o[0], o[1], o[2], {.activation = activation, .residual = o[3]});
      };
      const std::string what = x.to_string() + ", activation " + std::to_string(static_cast<int>(activation));
      expect_as_libtorch(what, op, {random_tensor(x, 1), weight, bias, random_tensor(x.with(-1, columns), 4)});
      expect_as_libtorch(what + " bare", op, {random_tensor(x, 1), weight, Tensor(), Tensor()});
    }
  }
}

TEST_F(TorchOwnKernels, NormsAttentionAndActivationsAgreeWithLibTorch) {
  const Tensor x = random_tensor({3, 6, 5, 48}, 1), weight = random_tensor({48}, 2), bias = random_tensor({48}, 3);
  for (const bool silu : {false, true})
    expect_as_libtorch(
        "group_norm",
        [&](const Operands& o) { return group_norm(o[0], o[1], o[2], {.num_groups = 8, .fuse_silu = silu}); },
        {x, weight, bias});
  expect_as_libtorch("layer_norm", [](const Operands& o) { return layer_norm(o[0], o[1], o[2]); }, {x, weight, bias});
  for (const Activation activation : {Activation::silu, Activation::gelu, Activation::quick_gelu, Activation::geglu})
    expect_as_libtorch("activate", [&](const Operands& o) { return activate(o[0], activation); }, {x});
  expect_as_libtorch("upsample", [](const Operands& o) { return upsample_nearest(o[0], 12, 11); }, {x});
  for (const int64_t keys : {40, 16, 65})
    expect_as_libtorch(
        "attention", [](const Operands& o) { return attention(o[0], o[1], o[2], {.num_heads = 4}); },
        {random_tensor({2, 65, 64}, 4), random_tensor({2, keys, 64}, 5), random_tensor({2, keys, 64}, 6)});
  const Tensor tokens = random_tensor({2, 40, 64}, 7);
  expect_as_libtorch("causal attention",
                     [](const Operands& o) { return attention(o[0], o[1], o[2], {.num_heads = 2, .causal = true}); },
                     {tokens, random_tensor(tokens.shape(), 8), random_tensor(tokens.shape(), 9)});
}

// Gradients arrive expanded (of a sum) and strided (of a slice), operands as permuted views.
TEST_F(TorchOwnKernels, TakeStridedOperandsAndGradients) {
  const auto op = [](const Operands& o) {
    const Tensor joined = concat({linear(permute(o[0], {1, 0, 2}), o[1], Tensor()), layer_norm(o[2], o[3], o[3])}, -1);
    return slice(activate(joined, Activation::silu), 1, 1, 3);
  };
  expect_as_libtorch(
      "strided", op,
      {random_tensor({4, 3, 5}, 1), random_tensor({6, 5}, 2), random_tensor({3, 4, 7}, 3), random_tensor({7}, 4)});
  const at::Tensor x = unwrap(to_backend(random_tensor({2, 3}, 1), BackendKind::torch)).requires_grad_(true);
  unwrap(activate(wrap(x), Activation::silu)).sum().backward();
  EXPECT_TRUE(x.grad().defined());
}

TEST_F(TorchOwnKernels, GiveTheSameBitsOnAnyNumberOfThreads) {
  const auto op = [](const Operands& o) {
    const Tensor h = conv2d(group_norm(o[0], o[1], o[1], {.num_groups = 8, .fuse_silu = true}), o[2], o[1],
                            {.padding = Padding::all(1), .residual = o[0]});
    const Tensor tokens = reshape(h, {2, 64, 32});
    return attention(tokens, layer_norm(tokens, o[1], o[1]), tokens, {.num_heads = 2});
  };
  const Operands operands{random_tensor({2, 8, 8, 32}, 1), random_tensor({32}, 2), weight_of({32, 32, 3, 3}, 3)};
  const int before = thread_count();
  const Differentiated expected = differentiated(TorchCpuKernels::own, op, operands);
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    const Differentiated got = differentiated(TorchCpuKernels::own, op, operands);
    for (size_t i = 0; i < operands.size(); ++i)
      EXPECT_TRUE(tensors_identical(got.gradients[i], expected.gradients[i])) << threads << " threads, operand " << i;
  }
  set_thread_count(before);
}

TEST_F(TorchOwnKernels, LeaveFrozenWeightsWithoutGradient) {
  const at::Tensor x = unwrap(to_backend(random_tensor({1, 4, 4, 8}, 1), BackendKind::torch)).requires_grad_(true);
  const Tensor weight = to_backend(random_tensor({8, 8, 3, 3}, 2, DType::f16), BackendKind::torch);
  const Tensor y = conv2d(wrap(x), weight, Tensor(), {.padding = Padding::all(1)});
  unwrap(y).sum().backward();
  EXPECT_TRUE(x.grad().defined());
  EXPECT_FALSE(unwrap(weight).grad().defined());
}

TEST_F(TorchOwnKernels, StepAsLibTorchsAdamW) {
  const AdamWOptions options{.learning_rate = 1e-2, .weight_decay = 0.1, .step = 3, .gradient_scale = 0.7};
  const auto stepped = [&](TorchCpuKernels kernels) {
    set_torch_cpu_kernels(kernels);
    const Tensor leaf = autograd().leaf(random_tensor({20000}, 1));
    const Tensor m = to_backend(random_tensor({20000}, 2), BackendKind::torch);
    const Tensor v = to_backend(multiply(random_tensor({20000}, 3), random_tensor({20000}, 3)), BackendKind::torch);
    const Tensor average = to_backend(random_tensor({20000}, 4), BackendKind::torch);
    autograd().backward(reshape(wrap(unwrap(multiply(leaf, average)).sum()), {1}));
    autograd().adamw_step(leaf, m, v, options);
    autograd().lerp(average, leaf, 0.3);
    return Operands{to_host(leaf), to_host(m), to_host(v), to_host(average)};
  };
  const Operands own = stepped(TorchCpuKernels::own), expected = stepped(TorchCpuKernels::libtorch);
  for (size_t i = 0; i < own.size(); ++i)
    EXPECT_TRUE(tensors_near(own[i], expected[i], tolerance::kOtherSummationOrder, tolerance::kOtherSummationOrder))
        << i;
}

TEST_F(TorchOwnKernels, ComputedAgainGiveTheSameGradients) {
  const Tensor x = random_tensor({2, 4, 4, 8}, 1), filter = weight_of({8, 8, 3, 3}, 2);
  const auto gradients = [&](bool again) {
    const Tensor input = autograd().leaf(x), weight = autograd().leaf(filter);
    const Autograd::Function block = [&](const Operands& o) {
      return conv2d(activate(o[0], Activation::silu), weight, Tensor(), {.padding = Padding::all(1)});
    };
    const Tensor y = again ? autograd().recomputed(block, {input}) : block({input});
    autograd().backward(wrap(unwrap(multiply(y, y)).sum().reshape({1})));
    return Operands{autograd().gradient(input), autograd().gradient(weight)};
  };
  const Operands expected = gradients(false), got = gradients(true);
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_TRUE(got[i].defined()) << i;
    EXPECT_TRUE(tensors_identical(to_host(got[i]), to_host(expected[i]))) << i;
  }
}

TEST_F(TorchOwnKernels, AreTheCpuBackendsBitForBit) {
  const Tensor x = random_tensor({1, 9, 9, 16}, 1), weight = random_tensor({16, 16, 3, 3}, 2, DType::f16);
  const auto result = [&](BackendKind kind) {
    return to_host(conv2d(to_backend(x, kind), to_backend(weight, kind), Tensor(),
                          {.padding = Padding::all(1), .activation = Activation::silu}));
  };
  EXPECT_TRUE(tensors_identical(result(BackendKind::torch), result(BackendKind::cpu)));
}

}  // namespace
}  // namespace easel
