// The torch backend's operations over ATen against the cpu backend, one by one. Skipped where the plug-in was not
// built. (With the cpu backend's own kernels they are the same calls: torch_own_kernels_test.cpp.)
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "easel/error.h"
#include "ops/backend.h"
#include "ops/op_observer.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "ops/torch_plugin.h"
#include "ops/torch_settings.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

constexpr double kTolerance = tolerance::kOtherSummationOrder;
constexpr DType kWeightTypes[] = {DType::f32, DType::f16, DType::bf16};
constexpr Activation kActivations[] = {Activation::none, Activation::silu, Activation::gelu, Activation::quick_gelu};
const Tensor kNone;

class TorchBackend : public testing::Test {
 protected:
  void SetUp() override {
    try {
      load_torch_backend({.kind = DeviceKind::torch_cpu});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::NotFound) throw;
      GTEST_SKIP() << error.what();
    }
    set_torch_cpu_kernels(TorchCpuKernels::libtorch);
  }
};

// Whether op gives the same on both backends. Undefined operands stay undefined.
template <typename Op, typename... Operands>
testing::AssertionResult agrees(const Op& op, const Operands&... operands) {
  const Tensor got = to_host(op(to_backend(operands, BackendKind::torch)...));
  return tensors_near(got, op(operands...), kTolerance, kTolerance);
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Weights of sd 1 / sqrt(fan_in), so that results are of order 1 whatever the shape.
Tensor random_weight(const Shape& shape, uint32_t seed, DType dtype) {
  const auto fan_in = static_cast<float>(shape.numel() / shape[0]);
  return random_tensor(shape, seed, dtype, 1.0f / std::sqrt(fan_in));
}

TEST_F(TorchBackend, CopiesKeepEveryBitAndDtype) {
  for (const DType dtype : kWeightTypes) {
    const Tensor x = random_tensor({3, 5, 7}, 1, dtype);
    EXPECT_TRUE(tensors_identical(to_host(to_backend(x, BackendKind::torch)), x)) << dtype_name(dtype);
    EXPECT_TRUE(tensors_identical(to_host(to_backend(x.rows(1, 3), BackendKind::torch)), x.rows(1, 3)));
  }
  const Tensor empty = Tensor::empty({0, 4});
  EXPECT_EQ(to_host(to_backend(empty, BackendKind::torch)).shape(), empty.shape());
}

TEST_F(TorchBackend, HostSideViewsOfItsTensorsAreFollowed) {
  const Tensor x = random_tensor({4, 3, 2}, 1), on_torch = to_backend(x, BackendKind::torch);
  EXPECT_TRUE(tensors_identical(to_host(on_torch.rows(1, 3)), x.rows(1, 3).clone()));
  EXPECT_TRUE(tensors_identical(to_host(on_torch.view({2, 12})), x.view({2, 12})));
}

TEST_F(TorchBackend, LinearAgreesForEveryWeightTypeAndEpilogue) {
  const Shape inputs[] = {{1, 1}, {3, 5}, {2, 77, 48}, {1, 3, 5, 33}, {130, 97}};
  for (const Shape& shape : inputs)
    for (const DType dtype : kWeightTypes)
      for (const Activation activation : kActivations) {
        const int64_t columns = shape[-1] + 3;
        const Tensor x = random_tensor(shape, 1), weight = random_weight({columns, shape[-1]}, 2, dtype);
        const Tensor bias = random_tensor({columns}, 3, dtype), residual = random_tensor(shape.with(-1, columns), 4);
        const auto op = [&](const Tensor& input, const Tensor& w, const Tensor& b, const Tensor& r) {
          return linear(input, w, b, {.activation = activation, .residual = r});
        };
        EXPECT_TRUE(agrees(op, x, weight, bias, residual)) << shape.to_string() << " " << dtype_name(dtype);
        EXPECT_TRUE(agrees(op, x, weight, kNone, kNone)) << shape.to_string() << " " << dtype_name(dtype);
      }
}

TEST_F(TorchBackend, LinearTakesConvolutionWeightsAndGates) {
  const Tensor x = random_tensor({2, 9, 20}, 1), residual = random_tensor({2, 9, 7}, 4);
  for (const DType dtype : kWeightTypes) {
    const Tensor weight = random_weight({14, 20, 1, 1}, 2, dtype), bias = random_tensor({14}, 3, dtype);
    const auto op = [](const Tensor& input, const Tensor& w, const Tensor& b, const Tensor& r) {
      return linear(input, w, b, {.activation = Activation::geglu, .residual = r});
    };
    EXPECT_TRUE(agrees(op, x, weight, bias, residual)) << dtype_name(dtype);
  }
}

struct ConvolutionCase {
  Shape x, weight;
  int stride;
  Padding padding;
};
const ConvolutionCase kConvolutions[] = {
    {{1, 1, 1, 1}, {1, 1, 1, 1}, 1, {}},                  // the smallest
    {{2, 8, 8, 16}, {24, 16, 3, 3}, 1, Padding::all(1)},  // a residual block's
    {{1, 7, 5, 3}, {5, 3, 3, 3}, 1, Padding::all(1)},     // odd everything
    {{2, 9, 11, 8}, {8, 8, 3, 3}, 2, Padding::all(1)},    // the U-Net's downsampling
    {{1, 8, 9, 6}, {7, 6, 3, 3}, 2, {0, 0, 1, 1}},        // the VAE's downsampling
    {{2, 6, 6, 12}, {20, 12, 1, 1}, 1, {}},               // a shortcut
    {{1, 6, 7, 4}, {4, 4, 2, 3}, 1, {2, 1, 0, 3}},        // asymmetric filter and padding
    {{1, 28, 28, 3}, {16, 3, 14, 14}, 14, {}},            // patches of a vision transformer
    {{1, 1, 17, 4}, {6, 4, 1, 3}, 1, {0, 1, 0, 1}},       // one row
};

TEST_F(TorchBackend, ConvolutionAgreesForEveryShapeAndWeightType) {
  for (const auto& [x_shape, weight_shape, stride, padding] : kConvolutions)
    for (const DType dtype : kWeightTypes) {
      const Tensor x = random_tensor(x_shape, 1), weight = random_weight(weight_shape, 2, dtype);
      const Tensor bias = random_tensor({weight_shape[0]}, 3, dtype);
      const auto op = [&](const Tensor& input, const Tensor& w, const Tensor& b) {
        return conv2d(input, w, b, {.stride = stride, .padding = padding});
      };
      EXPECT_TRUE(agrees(op, x, weight, bias)) << x_shape.to_string() << " " << weight_shape.to_string();
      EXPECT_TRUE(agrees(op, x, weight, kNone)) << x_shape.to_string() << " " << weight_shape.to_string();
    }
}

TEST_F(TorchBackend, ConvolutionAgreesForEveryEpilogue) {
  const Tensor x = random_tensor({2, 5, 6, 8}, 1), weight = random_weight({12, 8, 3, 3}, 2, DType::f16);
  const Tensor bias = random_tensor({12}, 3), temb = random_tensor({2, 12}, 4),
               residual = random_tensor({2, 5, 6, 12}, 5);
  for (const Activation activation : kActivations) {
    const auto op = [&](const Tensor& input, const Tensor& w, const Tensor& b, const Tensor& t, const Tensor& r) {
      return conv2d(input, w, b,
                    {.padding = Padding::all(1), .activation = activation, .channel_bias = t, .residual = r});
    };
    EXPECT_TRUE(agrees(op, x, weight, bias, temb, residual));
    EXPECT_TRUE(agrees(op, x, weight, bias, temb, kNone));
    EXPECT_TRUE(agrees(op, x, weight, bias, kNone, residual));
  }
}

// Operands are rounded to 8 bits of mantissa: 2^-9 each, and errors of a sum partly cancel.
TEST_F(TorchBackend, ProductsInHalfPrecisionAreNearAndStayF32) {
  const Tensor x = random_tensor({4, 32}, 1), weight = random_tensor({16, 32}, 2), bias = random_tensor({16}, 3);
  const Tensor expected = linear(x, weight, bias);
  set_torch_product_dtype(DType::bf16);
  const Tensor got = to_host(linear(to_backend(x, BackendKind::torch), to_backend(weight, BackendKind::torch),
                                    to_backend(bias, BackendKind::torch)));
  set_torch_product_dtype(DType::f32);
  EXPECT_EQ(got.dtype(), DType::f32);
  EXPECT_FALSE(tensors_near(got, expected, 1e-6, 1e-6)) << "nothing was rounded";
  EXPECT_TRUE(tensors_near(got, expected, 2e-2, 1e-1));
  EXPECT_THROW(set_torch_product_dtype(DType::f16), Error);
}

TEST_F(TorchBackend, GroupNormAgreesWithAndWithoutSilu) {
  const Shape shapes[] = {{1, 1, 1, 8}, {2, 8, 8, 32}, {1, 7, 5, 24}, {3, 1, 9, 64}, {1, 33, 31, 16}};
  for (const Shape& shape : shapes)
    for (const DType dtype : kWeightTypes)
      for (const bool silu : {false, true}) {
        const Tensor weight = random_tensor({shape[3]}, 2, dtype), bias = random_tensor({shape[3]}, 3, dtype);
        const auto op = [&](const Tensor& x, const Tensor& w, const Tensor& b) {
          return group_norm(x, w, b, {.num_groups = 4, .eps = 1e-5f, .fuse_silu = silu});
        };
        EXPECT_TRUE(agrees(op, random_tensor(shape, 1), weight, bias)) << shape.to_string();
      }
}

// Integers plus a power of two are exact in f32 and so are their means here: the norm must not see the offset at all.
TEST_F(TorchBackend, GroupNormDoesNotCancelForLargeMeans) {
  Tensor x = Tensor::empty({1, 32, 32, 8}), shifted = Tensor::empty(x.shape());
  for (int64_t i = 0; i < x.numel(); ++i) {
    x.f32()[i] = static_cast<float>(i * 7919 % 256) / 128.0f - 1.0f;
    shifted.f32()[i] = x.f32()[i] + 4096.0f;
  }
  const Tensor weight = Tensor::full({8}, 1.0f), bias = Tensor::zeros({8});
  const auto normed = [&](const Tensor& input) {
    return to_host(group_norm(to_backend(input, BackendKind::torch), to_backend(weight, BackendKind::torch),
                              to_backend(bias, BackendKind::torch), {.num_groups = 2}));
  };
  EXPECT_TRUE(tensors_near(normed(shifted), normed(x), kTolerance, kTolerance));
  const auto op = [](const Tensor& input, const Tensor& w, const Tensor& b) {
    return group_norm(input, w, b, {.num_groups = 2});
  };
  EXPECT_TRUE(agrees(op, shifted, weight, bias));
}

TEST_F(TorchBackend, GroupNormHalvesAgreeAndCompose) {
  const Tensor x = random_tensor({2, 6, 5, 12}, 1, DType::f32, 3.0f);
  const Tensor weight = random_tensor({12}, 2, DType::f16), bias = random_tensor({12}, 3);
  EXPECT_TRUE(agrees([](const Tensor& input) { return group_norm_statistics(input, 3); }, x));
  for (const bool silu : {false, true}) {
    const auto op = [&](const Tensor& input, const Tensor& w, const Tensor& b) {
      const Tensor top = slice(input, 1, 0, 4);  // a tile, normed by the whole picture's statistics
      return group_norm_apply(top, group_norm_statistics(input, 3), w, b, {.num_groups = 3, .fuse_silu = silu});
    };
    EXPECT_TRUE(agrees(op, x, weight, bias));
  }
}

TEST_F(TorchBackend, LayerNormAgrees) {
  const Shape shapes[] = {{1, 4}, {2, 77, 32}, {3, 5, 7, 9}};
  for (const Shape& shape : shapes)
    for (const DType dtype : kWeightTypes) {
      const Tensor weight = random_tensor({shape[-1]}, 2, dtype), bias = random_tensor({shape[-1]}, 3, dtype);
      const auto op = [](const Tensor& x, const Tensor& w, const Tensor& b) { return layer_norm(x, w, b, 1e-5f); };
      EXPECT_TRUE(agrees(op, random_tensor(shape, 1), weight, bias)) << shape.to_string();
    }
}

struct AttentionCase {
  int64_t batch, queries, keys, heads, head_size;
  bool causal;
  float scale;
};
const AttentionCase kAttentions[] = {
    {1, 1, 1, 1, 1, false, 0.0f},       {2, 64, 64, 2, 40, false, 0.0f}, {2, 37, 77, 4, 8, false, 0.0f},
    {1, 77, 77, 3, 16, true, 0.0f},     {1, 5, 5, 1, 160, true, 0.25f},  {3, 9, 13, 5, 7, false, 0.5f},
    {1, 1030, 2000, 9, 4, false, 0.0f},  // more scores than one chunk holds
    {1, 1500, 1500, 8, 2, true, 0.0f},
};

TEST_F(TorchBackend, AttentionAgreesForEveryShape) {
  for (const auto& [batch, queries, keys, heads, head_size, causal, scale] : kAttentions) {
    const int64_t channels = heads * head_size;
    const auto op = [&](const Tensor& q, const Tensor& k, const Tensor& v) {
      return attention(q, k, v, {.num_heads = heads, .causal = causal, .scale = scale});
    };
    EXPECT_TRUE(agrees(op, random_tensor({batch, queries, channels}, 1), random_tensor({batch, keys, channels}, 2),
                       random_tensor({batch, keys, channels}, 3)))
        << queries << " queries, " << keys << " keys, " << heads << " heads of " << head_size;
  }
}

TEST_F(TorchBackend, ElementwiseOperationsAgree) {
  const Tensor a = random_tensor({2, 7, 5}, 1, DType::f32, 3.0f), b = random_tensor({2, 7, 5}, 2);
  for (const Activation activation : kActivations)
    EXPECT_TRUE(agrees([&](const Tensor& x) { return activate(x, activation); }, a));
  EXPECT_TRUE(agrees([](const Tensor& x, const Tensor& y) { return add(x, y); }, a, b));
  EXPECT_TRUE(agrees([](const Tensor& x, const Tensor& y) { return multiply(x, y); }, a, b));
  EXPECT_TRUE(agrees([](const Tensor& x) { return clamp(x, -1.0f, 0.5f); }, a));
  EXPECT_TRUE(agrees([](const Tensor& x) { return affine(x, 0.3, -0.7); }, a));
  const auto blend = [](const Tensor& x, const Tensor& y) { return weighted_sum({{0.1, x}, {-1.75, y}, {3.0, x}}); };
  EXPECT_TRUE(agrees(blend, a, b));
}

TEST_F(TorchBackend, UpsamplingTakesTheSameSourcePixels) {
  const Tensor x = random_tensor({2, 5, 41, 3}, 1);
  const std::pair<int64_t, int64_t> sizes[] = {{10, 82}, {5, 41}, {7, 100}, {3, 20}, {1, 1}, {25, 41 * 7}};
  for (const auto& [height, width] : sizes)
    EXPECT_TRUE(agrees([&](const Tensor& input) { return upsample_nearest(input, height, width); }, x)) << height;
}

TEST_F(TorchBackend, NumbersForTheHostAgree) {
  const Tensor a = random_tensor({3, 5, 7}, 1), b = random_tensor({3, 5, 7}, 2), c = random_tensor({3, 5, 7}, 3);
  const auto on_torch = [](const Tensor& x) { return to_backend(x, BackendKind::torch); };
  const auto expect_near = [](const std::vector<double>& got, const std::vector<double>& expected) {
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-6 * std::fabs(expected[i])) << i;
  };
  expect_near(row_deviations(on_torch(a)), row_deviations(a));
  for (const double q : {0.0, 0.37, 0.995, 1.0}) expect_near(row_quantiles(on_torch(a), q), row_quantiles(a, q));
  expect_near({error_norm(on_torch(a), on_torch(b), on_torch(c), 0.05, 0.1)}, {error_norm(a, b, c, 0.05, 0.1)});
  EXPECT_TRUE(all_finite(on_torch(a)));
  EXPECT_FALSE(all_finite(exponential(affine(on_torch(a), 1000, 0))));
}

TEST_F(TorchBackend, DataMovementAgrees) {
  const Tensor a = random_tensor({2, 3, 4, 5}, 1), b = random_tensor({2, 3, 2, 5}, 2);
  EXPECT_TRUE(agrees([](const Tensor& x, const Tensor& y) { return concat({x, y, x}, -2); }, a, b));
  EXPECT_TRUE(agrees([](const Tensor& x) { return slice(x, 2, 1, 3); }, a));
  EXPECT_TRUE(agrees([](const Tensor& x) { return reshape(x, {6, 20}); }, a));
  EXPECT_TRUE(agrees([](const Tensor& x) { return permute(x, {3, 0, 2, 1}); }, a));
  // Results that LibTorch keeps as strided views, used as operands of the others.
  EXPECT_TRUE(agrees([](const Tensor& x) { return reshape(permute(x, {0, 3, 1, 2}), {10, 12}); }, a));
  EXPECT_TRUE(agrees([](const Tensor& x) { return slice(permute(x, {2, 1, 0, 3}), 0, 1, 4); }, a));
}

TEST_F(TorchBackend, TableLookUpsAgreeAndCheckTheirIds) {
  const std::vector<int32_t> id_values{0, 9, 4, 4, 1, 7}, index_values{2, 0}, bad_values{0, 10};
  const Tensor ids = Tensor::from({2, 3}, std::span(id_values)), index = Tensor::from({2}, std::span(index_values));
  for (const DType dtype : kWeightTypes)
    EXPECT_TRUE(agrees([](const Tensor& i, const Tensor& table) { return embedding(i, table); }, ids,
                       random_tensor({10, 6}, 1, dtype)));
  EXPECT_TRUE(
      agrees([](const Tensor& x, const Tensor& i) { return select_token(x, i); }, random_tensor({2, 3, 5}, 2), index));
  const Tensor bad = to_backend(Tensor::from({2}, std::span(bad_values)), BackendKind::torch);
  const Tensor table = to_backend(random_tensor({10, 6}, 1), BackendKind::torch);
  EXPECT_EQ(message_of([&] { embedding(bad, table); }), "[embedding] id 10 at position 1; must be 0..9");
}

TEST_F(TorchBackend, CopiesBetweenBackendsAreOperations) {
  std::vector<std::string> ops;
  const ScopedOpObserver observer([&](const OpRecord& record) { ops.push_back(record.op); });
  const Tensor x = random_tensor({2, 3}, 1);
  to_host(to_backend(to_host(x), BackendKind::torch));  // x is on the host already: nothing to do
  EXPECT_EQ(ops, (std::vector<std::string>{"to_device", "to_device"}));
}

TEST_F(TorchBackend, TensorsNameTheirDevice) {
  const Tensor x = to_device(random_tensor({2, 3}, 1), {.kind = DeviceKind::torch_cpu});
  EXPECT_EQ(x.device(), Device{.kind = DeviceKind::torch_cpu});
  EXPECT_EQ(add(x, x).device(), x.device());
  EXPECT_EQ(zeros_like(x).device(), x.device());
  EXPECT_EQ(to_host(x).device(), Device());
  EXPECT_THROW(to_device(x, {.kind = DeviceKind::torch_cuda}), Error);  // torch runs on the CPU here
}

TEST_F(TorchBackend, OperandsOfTwoBackendsAreRefused) {
  const Tensor x = to_backend(random_tensor({2, 3}, 1), BackendKind::torch), weight = random_tensor({4, 3}, 2);
  EXPECT_EQ(message_of([&] { linear(x, weight, kNone); }),
            "[torch] operand [4, 3] is on the cpu backend; all must be on torch");
}

TEST_F(TorchBackend, DtypesAreCheckedAsOnTheCpu) {
  const Tensor x = to_backend(random_tensor({2, 3}, 1, DType::f16), BackendKind::torch);
  const Tensor weight = to_backend(random_tensor({4, 3}, 2), BackendKind::torch);
  EXPECT_EQ(message_of([&] { linear(x, weight, kNone); }), "[linear] x of f16; activations must be f32");
  EXPECT_EQ(message_of([&] { exponential(x); }), "[exponential] x of f16; activations must be f32");
}

// What ops.cpp lets through and LibTorch refuses: here it is not asked.
TEST_F(TorchBackend, AnErrorOfLibTorchIsOneLine) {
  const std::vector<int32_t> ids(6, 1);
  const Tensor x = to_backend(Tensor::from({2, 3}, std::span(ids)), BackendKind::torch);
  const Tensor weight = to_backend(random_tensor({3}, 2), BackendKind::torch);
  const std::string message = message_of([&] { torch_plugin().backend().layer_norm(x, weight, weight, 1e-5f); });
  EXPECT_EQ(message.rfind("[layer_norm] torch: ", 0), 0u) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

}  // namespace
}  // namespace easel
