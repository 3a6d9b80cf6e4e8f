// Gradients of conv2d and linear: every variant against the definition, summed in f64 one product at a time, over the
// shapes of training (cut down in batch) and odd ones; against differences of the forward; errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "easel/error.h"
#include "ops/cpu/kernels.h"
#include "ops/gradients.h"
#include "ops/kernel_variant.h"
#include "ops/random_tensor.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

class ConvolutionGradients : public KernelVariant {};

INSTANTIATE_TEST_SUITE_P(Variants, ConvolutionGradients, testing::ValuesIn(cpu::supported_kernels()),
                         [](const auto& test) { return test.param; });

struct ConvolutionCase {
  int64_t batch, height, width, in_channels, out_channels, kernel;
  int stride = 1;
  Padding padding{};
};

Shape x_shape(const ConvolutionCase& c) { return {c.batch, c.height, c.width, c.in_channels}; }
Shape weight_shape(const ConvolutionCase& c) { return {c.out_channels, c.in_channels, c.kernel, c.kernel}; }
Shape y_shape(const ConvolutionCase& c) {
  return {c.batch, (c.height + c.padding.top + c.padding.bottom - c.kernel) / c.stride + 1,
          (c.width + c.padding.left + c.padding.right - c.kernel) / c.stride + 1, c.out_channels};
}

std::string describe(const ConvolutionCase& c) {
  return x_shape(c).to_string() + " -> " + std::to_string(c.out_channels) + ", kernel " + std::to_string(c.kernel) +
         ", stride " + std::to_string(c.stride);
}

const ConvolutionCase kCases[] = {
    // one of everything, tails
    {1, 1, 1, 1, 1, 1},
    {1, 1, 1, 1, 1, 3, 1, Padding::all(1)},
    {1, 7, 7, 3, 13, 3, 1, Padding::all(1)},
    {2, 5, 13, 4, 24, 3, 1, Padding::all(1)},
    {1, 9, 1, 5, 8, 3, 1, Padding::all(1)},
    {3, 6, 7, 17, 3, 3, 1, Padding::all(1)},
    {1, 4, 5, 70, 66, 3, 1, Padding::all(1)},
    {1, 3, 3, 33, 17, 1},
    {1, 9, 10, 5, 7, 5, 1, Padding::all(1)},
    {1, 5, 6, 7, 9, 3, 1, Padding::all(3)},
    {1, 10, 9, 16, 16, 3, 1, {.top = 0, .left = 2, .bottom = 1, .right = 0}},
    // strides: all phases, some of them without a tap, pixels that no filter covers, the padding of down-sampling
    // layers
    {2, 8, 8, 20, 12, 3, 2, Padding::all(1)},
    {1, 9, 8, 24, 24, 3, 2, {.top = 0, .left = 0, .bottom = 1, .right = 1}},
    {2, 7, 7, 17, 24, 5, 2, Padding::all(2)},
    {1, 8, 9, 3, 13, 4, 4},
    {1, 11, 9, 4, 5, 2, 3, {.top = 1, .left = 2, .bottom = 0, .right = 0}},
    {1, 6, 7, 8, 8, 1, 2},
    // training: U-Net and autoencoder
    {2, 16, 16, 64, 64, 3, 1, Padding::all(1)},
    {3, 8, 8, 96, 130, 3, 1, Padding::all(1)},
    {5, 4, 4, 128, 72, 3, 1, Padding::all(1)},
    {2, 2, 2, 96, 80, 3, 1, Padding::all(1)},
    {3, 8, 8, 192, 96, 1},
    {2, 16, 16, 4, 64, 3, 1, Padding::all(1)},
    {2, 16, 16, 64, 4, 3, 1, Padding::all(1)},
    {2, 8, 8, 64, 64, 3, 2, Padding::all(1)},
    {1, 32, 32, 16, 16, 3, 1, Padding::all(1)},
    {1, 30, 31, 32, 16, 3, 1, Padding::all(1)},
    {1, 48, 40, 3, 16, 3, 1, Padding::all(1)},
    {1, 33, 32, 16, 32, 3, 2, {.top = 0, .left = 0, .bottom = 1, .right = 1}},
};

// body(index into y, index into x, index into weight) for every product of the convolution.
template <typename Body>
void for_each_product(const ConvolutionCase& c, const Body& body) {
  const Shape y = y_shape(c);
  for (int64_t pixel = 0; pixel < c.batch * y[1] * y[2]; ++pixel)
    for (int64_t tap = 0; tap < c.kernel * c.kernel; ++tap) {
      const int64_t in_y = pixel / y[2] % y[1] * c.stride + tap / c.kernel - c.padding.top;
      const int64_t in_x = pixel % y[2] * c.stride + tap % c.kernel - c.padding.left;
      if (in_y < 0 || in_y >= c.height || in_x < 0 || in_x >= c.width) continue;
      const int64_t in_pixel = (pixel / (y[1] * y[2]) * c.height + in_y) * c.width + in_x;
      for (int64_t o = 0; o < c.out_channels; ++o)
        for (int64_t i = 0; i < c.in_channels; ++i)
          body(pixel * c.out_channels + o, in_pixel * c.in_channels + i,
               (o * c.in_channels + i) * c.kernel * c.kernel + tap);
    }
}

Tensor rounded(const Shape& shape, const std::vector<double>& values) {
  return Tensor::from(shape, std::vector<float>(values.begin(), values.end()));
}

// Relative to the largest element: a sum of many terms is as exact as its terms are large.
void expect_near_of_largest(const Tensor& got, const Tensor& expected, const std::string& what) {
  float largest = 0.0f;
  for (float value : expected.span()) largest = std::max(largest, std::abs(value));
  EXPECT_TRUE(tensors_near(got, expected, 0.0, tolerance::kConvolutionGradient * largest)) << what;
}

TEST_P(ConvolutionGradients, OfEveryShapeAreTheSumsOfTheirDefinition) {
  for (const ConvolutionCase& c : kCases) {
    const Tensor grad_y = random_tensor(y_shape(c), 1), x = random_tensor(x_shape(c), 2);
    const Tensor weight = random_tensor(weight_shape(c), 3);
    std::vector<double> grad_x(static_cast<size_t>(x.numel())), grad_weight(static_cast<size_t>(weight.numel()));
    for_each_product(c, [&](int64_t iy, int64_t ix, int64_t iw) {
      grad_x[static_cast<size_t>(ix)] += double{grad_y.f32()[iy]} * weight.f32()[iw];
      grad_weight[static_cast<size_t>(iw)] += double{grad_y.f32()[iy]} * x.f32()[ix];
    });
    const std::string what = describe(c);
    expect_near_of_largest(
        run_on_any_threads(what, [&] { return conv2d_grad_input(grad_y, weight, x.shape(), c.stride, c.padding); }),
        rounded(x.shape(), grad_x), what + ", input");
    expect_near_of_largest(
        run_on_any_threads(what, [&] { return conv2d_grad_weight(grad_y, x, weight.shape(), c.stride, c.padding); }),
        rounded(weight.shape(), grad_weight), what + ", weight");
  }
}

TEST_P(ConvolutionGradients, OfLinearLayersAreProductsWithTheTransposedOperands) {
  struct Case {
    int64_t rows, in, out;
  };
  for (const auto& [rows, in, out] : {Case{1, 1, 1},
                                      {1, 320, 128},
                                      {2, 3, 4},
                                      {7, 5, 13},
                                      {77, 96, 70},
                                      {300, 130, 66},
                                      {1500, 64, 200},
                                      {13, 1283, 7},
                                      {2600, 16, 8}}) {
    const Tensor grad_y = random_tensor({rows, out}, 1), x = random_tensor({rows, in}, 2);
    const Tensor weight = random_tensor({out, in}, 3);
    std::vector<double> grad_x(static_cast<size_t>(rows * in)), grad_weight(static_cast<size_t>(out * in));
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t o = 0; o < out; ++o)
        for (int64_t i = 0; i < in; ++i) {
          const double g = grad_y.f32()[row * out + o];
          grad_x[static_cast<size_t>(row * in + i)] += g * weight.f32()[o * in + i];
          grad_weight[static_cast<size_t>(o * in + i)] += g * x.f32()[row * in + i];
        }
    const std::string what = x.shape().to_string() + " -> " + std::to_string(out);
    expect_near_of_largest(run_on_any_threads(what, [&] { return linear_grad_input(grad_y, weight); }),
                           rounded(x.shape(), grad_x), what + ", input");
    expect_near_of_largest(run_on_any_threads(what, [&] { return linear_grad_weight(grad_y, x); }),
                           rounded(weight.shape(), grad_weight), what + ", weight");
  }
}

TEST_P(ConvolutionGradients, KeepTheLeadingDimensionsOfTokens) {
  const Tensor grad_y = random_tensor({2, 3, 5}, 1), x = random_tensor({2, 3, 4}, 2), weight = random_tensor({5, 4}, 3);
  const Tensor flat_y = grad_y.view({6, 5}), flat_x = x.view({6, 4});
  EXPECT_TRUE(tensors_identical(linear_grad_input(grad_y, weight), linear_grad_input(flat_y, weight).view(x.shape())));
  EXPECT_TRUE(tensors_identical(linear_grad_weight(grad_y, x), linear_grad_weight(flat_y, flat_x)));
}

TEST_P(ConvolutionGradients, OfInputTakeWeightsInHalfPrecision) {
  const Tensor grad_y = random_tensor({1, 6, 6, 20}, 1);
  for (const DType dtype : {DType::f16, DType::bf16}) {
    const Tensor weight = random_tensor({20, 9, 3, 3}, 2, dtype);
    EXPECT_TRUE(tensors_identical(conv2d_grad_input(grad_y, weight, {1, 6, 6, 9}, 1, Padding::all(1)),
                                  conv2d_grad_input(grad_y, weight.to_f32(), {1, 6, 6, 9}, 1, Padding::all(1))));
  }
}

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0.0;
  for (int64_t i = 0; i < a.numel(); ++i) sum += double{a.f32()[i]} * b.f32()[i];
  return sum;
}

// conv2d is linear in each operand, so a difference of any step is the derivative: <grad_y, conv2d(x + d) - conv2d(x)>
// = <grad_x, d>.
TEST_P(ConvolutionGradients, AreTheDifferencesOfTheForward) {
  for (const ConvolutionCase& c : {kCases[2], kCases[10], kCases[12], kCases[15]}) {
    const Tensor grad_y = random_tensor(y_shape(c), 1), x = random_tensor(x_shape(c), 2);
    const Tensor weight = random_tensor(weight_shape(c), 3);
    const auto loss = [&](const Tensor& input, const Tensor& filters) {
      return dot(grad_y, conv2d(input, filters, Tensor(), {.stride = c.stride, .padding = c.padding}));
    };
    const Tensor dx = random_tensor(x.shape(), 4), dw = random_tensor(weight.shape(), 5);
    const Tensor grad_x = conv2d_grad_input(grad_y, weight, x.shape(), c.stride, c.padding);
    const Tensor grad_weight = conv2d_grad_weight(grad_y, x, weight.shape(), c.stride, c.padding);
    const auto error = [](const Tensor& gradient, const Tensor& direction) {
      return tolerance::kConvolutionGradient * std::sqrt(dot(gradient, gradient) * dot(direction, direction));
    };
    EXPECT_NEAR(loss(add(x, dx), weight) - loss(x, weight), dot(grad_x, dx), error(grad_x, dx)) << describe(c);
    EXPECT_NEAR(loss(x, add(weight, dw)) - loss(x, weight), dot(grad_weight, dw), error(grad_weight, dw))
        << describe(c);
  }
}

TEST_P(ConvolutionGradients, OfBiasesAreChannelSums) {
  for (const Shape& shape : {Shape{1}, {5, 1}, {1300, 3}, {3, 20, 20, 17}, {2, 64, 48}}) {
    const Tensor x = random_tensor(shape, 1);
    std::vector<double> sums(static_cast<size_t>(shape[-1]));
    for (int64_t i = 0; i < x.numel(); ++i) sums[static_cast<size_t>(i % shape[-1])] += x.f32()[i];
    expect_near_of_largest(run_on_any_threads(shape.to_string(), [&] { return channel_sums(x); }),
                           rounded({shape[-1]}, sums), shape.to_string());
  }
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    return error.what();
  }
  return "no error";
}

TEST(ConvolutionGradientErrors, NameTheFunctionAndTheShape) {
  const Tensor grad_y = random_tensor({1, 4, 4, 6}, 1), x = random_tensor({1, 4, 4, 5}, 2);
  const Tensor weight = random_tensor({6, 5, 3, 3}, 3);
  const auto one = Padding::all(1);
  EXPECT_EQ(message_of([&] {
              conv2d_grad_input(grad_y, weight, {1, 5, 4, 5}, 1, one);
            }),
            "[conv2d_grad_input] grad_y [1, 4, 4, 6]; must be [1, 5, 4, 6]");
  EXPECT_EQ(message_of([&] {
              conv2d_grad_input(grad_y, weight, {1, 4, 4, 7}, 1, one);
            }),
            "[conv2d_grad_input] weight [6, 5, 3, 3] does not fit x [1, 4, 4, 7]");
  EXPECT_EQ(message_of([&] {
              conv2d_grad_weight(grad_y, x, {6, 5, 3, 3}, 0, one);
            }),
            "[conv2d_grad_weight] stride = 0; must be >= 1");
  EXPECT_EQ(message_of([&] {
              conv2d_grad_weight(grad_y, random_tensor({1, 4, 4, 5}, 2, DType::f16), {6, 5, 3, 3}, 1, one);
            }),
            "[conv2d_grad_weight] x of f16; must be f32");
  EXPECT_EQ(message_of([&] {
              linear_grad_input(grad_y, random_tensor({5, 6}, 1));
            }),
            "[linear_grad_input] weight [5, 6] does not fit grad_y [1, 4, 4, 6]");
  EXPECT_EQ(message_of([&] {
              linear_grad_weight(grad_y, random_tensor({1, 4, 3, 5}, 1));
            }),
            "[linear_grad_weight] x [1, 4, 3, 5] does not fit grad_y [1, 4, 4, 6]");
  EXPECT_EQ(message_of([&] { channel_sums(Tensor()); }), "[channel_sums] grad_y undefined; must have elements");
}

}  // namespace
}  // namespace easel
