// Gradients through the torch backend, on our own cpu kernels and on LibTorch's, against central differences: of
// L(x) = sum(r * op(x)) along a random direction.
// Linked with LibTorch, as training code in the plug-in is; built only where LibTorch is found.
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "ops/torch/torch_storage.h"
#include "ops/torch_plugin.h"
#include "ops/torch_settings.h"
#include "tolerances.h"

namespace easel {
namespace {

using Operands = std::vector<Tensor>;
using Op = std::function<Tensor(const Operands&)>;

class TorchGradient : public testing::TestWithParam<TorchCpuKernels> {
 protected:
  void SetUp() override {
    load_torch_backend({.kind = DeviceKind::torch_cpu});
    set_torch_cpu_kernels(GetParam());
  }
};

INSTANTIATE_TEST_SUITE_P(Kernels, TorchGradient, testing::Values(TorchCpuKernels::own, TorchCpuKernels::libtorch),
                         [](const auto& test) { return test.param == TorchCpuKernels::own ? "own" : "libtorch"; });

at::Tensor random_like(const at::Tensor& x, uint32_t seed) {
  const Shape shape(x.sizes().data(), static_cast<int>(x.dim()));
  return unwrap(to_backend(random_tensor(shape, seed), BackendKind::torch));
}

// L with `which` replaced by `value`.
at::Tensor loss(const Op& op, Operands operands, size_t which, const at::Tensor& value) {
  operands[which] = wrap(value);
  const at::Tensor y = unwrap(op(operands));
  return (y * random_like(y, 99)).to(at::kDouble).sum();
}

// Every operand in turn: dL/dt of operand + t * direction, by autograd and by differences.
void expect_gradients(const Op& op, const Operands& host) {
  Operands operands;
  for (const Tensor& operand : host) operands.push_back(to_backend(operand, BackendKind::torch));
  for (size_t i = 0; i < operands.size(); ++i) {
    const at::Tensor leaf = unwrap(operands[i]).clone().requires_grad_(true);
    loss(op, operands, i, leaf).backward();
    ASSERT_TRUE(leaf.grad().defined()) << "no gradient reached operand " << i;
    const at::Tensor direction = random_like(leaf, 7);
    constexpr double kStep = 1e-2;  // cube root of f32's epsilon, the best step of a central difference
    const at::Tensor value = leaf.detach();
    const double up = loss(op, operands, i, value + direction * kStep).item<double>();
    const double down = loss(op, operands, i, value - direction * kStep).item<double>();
    const double difference = (up - down) / (2 * kStep), gradient = (leaf.grad() * direction).sum().item<double>();
    const double size = (leaf.grad().norm() * direction.norm()).item<double>();
    EXPECT_NEAR(gradient, difference, tolerance::kCentralDifference * size) << "operand " << i;
  }
}

TEST_P(TorchGradient, Linear) {
  const Operands operands{random_tensor({3, 5}, 1), random_tensor({8, 5}, 2), random_tensor({8}, 3),
                          random_tensor({3, 4}, 4)};
  expect_gradients(
      [](const Operands& o) { return linear(o[0], o[1], o[2], {.activation = Activation::geglu, .residual = o[3]}); },
      operands);
}

TEST_P(TorchGradient, Convolution) {
  const Operands operands{random_tensor({2, 6, 5, 4}, 1), random_tensor({6, 4, 3, 3}, 2, DType::f32, 0.2f),
                          random_tensor({6}, 3), random_tensor({2, 6}, 4), random_tensor({2, 3, 2, 6}, 5)};
  expect_gradients(
      [](const Operands& o) {
        return conv2d(o[0], o[1], o[2],
                      {.stride = 2,
                       .padding = {.bottom = 1},
                       .activation = Activation::silu,
                       .channel_bias = o[3],
                       .residual = o[4]});
      },
      operands);
}

TEST_P(TorchGradient, Norms) {
  const Operands operands{random_tensor({2, 4, 5, 6}, 1), random_tensor({6}, 2), random_tensor({6}, 3)};
  expect_gradients([](const Operands& o) { return group_norm(o[0], o[1], o[2], {.num_groups = 3, .fuse_silu = true}); },
                   operands);
  expect_gradients(
      [](const Operands& o) {
        return group_norm_apply(o[0], group_norm_statistics(o[0], 3), o[1], o[2], {.num_groups = 3});
      },
      operands);
  expect_gradients([](const Operands& o) { return layer_norm(o[0], o[1], o[2]); }, operands);
}

TEST_P(TorchGradient, Attention) {
  const Operands operands{random_tensor({2, 5, 6}, 1), random_tensor({2, 5, 6}, 2), random_tensor({2, 5, 6}, 3)};
  for (const bool causal : {false, true})
    expect_gradients(
        [causal](const Operands& o) { return attention(o[0], o[1], o[2], {.num_heads = 2, .causal = causal}); },
        operands);
}

TEST_P(TorchGradient, ElementwiseAndDataMovement) {
  const Operands operands{random_tensor({1, 3, 4, 5}, 1), random_tensor({1, 3, 4, 5}, 2)};
  expect_gradients(
      [](const Operands& o) {
        const Tensor sum = weighted_sum({{0.5, affine(o[0], 1.5, -0.2)}, {-2.0, multiply(o[0], o[1])}});
        const Tensor joined = concat({activate(sum, Activation::quick_gelu), o[1]}, -1);
        return permute(reshape(slice(upsample_nearest(joined, 6, 7), 1, 1, 5), {4, 7, 10}), {2, 0, 1});
      },
      operands);
}

TEST_P(TorchGradient, TableLookUps) {
  const std::vector<int32_t> ids{3, 0, 3, 1};
  const Tensor on_torch = to_backend(Tensor::from({1, 4}, std::span(ids)), BackendKind::torch);
  const Tensor second = to_backend(Tensor::from({1}, std::span(ids).first(1)), BackendKind::torch);
  expect_gradients([&](const Operands& o) { return select_token(embedding(on_torch, o[0]), second); },
                   {random_tensor({5, 3}, 1)});
}

TEST_P(TorchGradient, ReachesWeightsStoredInHalfPrecision) {
  const at::Tensor weight = unwrap(to_backend(random_tensor({4, 3}, 1, DType::f16), BackendKind::torch));
  weight.requires_grad_(true);
  const Tensor x = to_backend(random_tensor({2, 3}, 2), BackendKind::torch);
  unwrap(linear(x, wrap(weight), Tensor())).sum().backward();
  EXPECT_EQ(weight.grad().scalar_type(), at::kHalf);
  EXPECT_TRUE(at::allclose(weight.grad().to(at::kFloat), unwrap(x).sum(0).expand({4, 3}), 1e-3, 1e-3));
}

TEST_P(TorchGradient, IsNotRecordedWhereNoOperandAsksForIt) {
  const Tensor x = to_backend(random_tensor({2, 3}, 1), BackendKind::torch);
  EXPECT_FALSE(unwrap(activate(x, Activation::silu)).requires_grad());
}

}  // namespace
}  // namespace easel
