#include "diffusion/guidance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

const std::vector<float> kUnconditional = {0.0f, 1.0f, 2.0f, -1.0f, 0.5f, 0.0f, 1.0f, 1.0f};
const std::vector<float> kConditional = {1.0f, 1.0f, 0.0f, 3.0f, -0.5f, 0.25f, 2.0f, 0.0f};

// Classifier-free guidance, as the loop asks for it.
Tensor guided(double guidance_scale, double guidance_rescale = 0.0) {
  return combine_predictions(
      {{.prediction = Tensor::from({2, 4}, kUnconditional), .weight = 1.0 - guidance_scale, .unconditional = true},
       {.prediction = Tensor::from({2, 4}, kConditional), .weight = guidance_scale}},
      guidance_rescale);
}

TEST(Guidance, ExtrapolatesFromUnconditionalToConditional) {
  const Tensor u = Tensor::from({2, 4}, kUnconditional), c = Tensor::from({2, 4}, kConditional);
  EXPECT_TRUE(tensors_near(guided(1.0), c, tolerance::kRounding, tolerance::kRounding));
  EXPECT_TRUE(tensors_near(guided(0.0), u, tolerance::kRounding, tolerance::kRounding));
  EXPECT_FLOAT_EQ(guided(7.5).span()[3], -1.0f + 7.5f * 4.0f);
}

TEST(Guidance, PromptsAreComposedEachInItsRegion) {
  const Tensor u = Tensor::from({1, 2}, std::vector<float>{1, 1}), a = Tensor::from({1, 2}, std::vector<float>{3, 3});
  const Tensor b = Tensor::from({1, 2}, std::vector<float>{5, 5});
  const Tensor left = Tensor::from({1, 2}, std::vector<float>{1, 0});
  const Tensor right = Tensor::from({1, 2}, std::vector<float>{0, 1});
  const Tensor sum = combine_predictions({{.prediction = u, .weight = -1.0, .unconditional = true},
                                          {.prediction = a, .weight = 2.0, .region = left},
                                          {.prediction = b, .weight = 2.0, .region = right}},
                                         0.0);
  EXPECT_FLOAT_EQ(sum.span()[0], -1.0f + 2.0f * 3.0f);
  EXPECT_FLOAT_EQ(sum.span()[1], -1.0f + 2.0f * 5.0f);
  const Tensor both = combine_predictions({{.prediction = u, .weight = -2.0, .unconditional = true},
                                           {.prediction = a, .weight = 1.0},
                                           {.prediction = b, .weight = 2.0}},
                                          0.0);
  EXPECT_FLOAT_EQ(both.span()[0], -2.0f + 3.0f + 10.0f);
}

TEST(Guidance, OneBranchIsItsPrediction) {
  const Tensor a = Tensor::from({1, 2}, std::vector<float>{3, 4});
  EXPECT_TRUE(tensors_identical(combine_predictions({{.prediction = a, .weight = 1.0}}, 0.7), a));
}

double unbiased_deviation(std::span<const float> values) {
  double mean = 0, squares = 0;
  for (float value : values) mean += value / static_cast<double>(values.size());
  for (float value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

TEST(Guidance, RescaleTakesOverTheDeviationOfEachConditionalSample) {
  const Tensor c = Tensor::from({2, 4}, kConditional);
  const Tensor plain = guided(7.5), rescaled = guided(7.5, 1.0), half = guided(7.5, 0.5);
  for (int64_t n = 0; n < 2; ++n)
    EXPECT_NEAR(unbiased_deviation(rescaled.rows(n, n + 1).span()), unbiased_deviation(c.rows(n, n + 1).span()), 1e-5);
  EXPECT_NEAR(half.span()[0], 0.5 * (plain.span()[0] + rescaled.span()[0]), 1e-5);
}

}  // namespace
}  // namespace easel
