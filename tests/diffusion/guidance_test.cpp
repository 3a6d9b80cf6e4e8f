#include "diffusion/guidance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

const std::vector<float> kUnconditional = {0.0f, 1.0f, 2.0f, -1.0f, 0.5f, 0.0f, 1.0f, 1.0f};
const std::vector<float> kConditional = {1.0f, 1.0f, 0.0f, 3.0f, -0.5f, 0.25f, 2.0f, 0.0f};

TEST(Guidance, ExtrapolatesFromUnconditionalToConditional) {
  const Tensor u = Tensor::from({2, 4}, kUnconditional), c = Tensor::from({2, 4}, kConditional);
  EXPECT_TRUE(tensors_near(apply_guidance(u, c, 1.0), c, tolerance::kRounding, tolerance::kRounding));
  EXPECT_TRUE(tensors_near(apply_guidance(u, c, 0.0), u, tolerance::kRounding, tolerance::kRounding));
  EXPECT_FLOAT_EQ(apply_guidance(u, c, 7.5).span()[3], -1.0f + 7.5f * 4.0f);
}

double unbiased_deviation(std::span<const float> values) {
  double mean = 0, squares = 0;
  for (float value : values) mean += value / static_cast<double>(values.size());
  for (float value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

TEST(Guidance, RescaleTakesOverTheDeviationOfEachConditionalSample) {
  const Tensor u = Tensor::from({2, 4}, kUnconditional), c = Tensor::from({2, 4}, kConditional);
  const Tensor guided = apply_guidance(u, c, 7.5);
  EXPECT_TRUE(tensors_identical(rescale_guidance(guided, c, 0.0), guided));
  const Tensor rescaled = rescale_guidance(guided, c, 1.0);
  for (int64_t n = 0; n < 2; ++n)
    EXPECT_NEAR(unbiased_deviation(rescaled.rows(n, n + 1).span()), unbiased_deviation(c.rows(n, n + 1).span()), 1e-5);
  const Tensor half = rescale_guidance(guided, c, 0.5);
  EXPECT_NEAR(half.span()[0], 0.5 * (guided.span()[0] + rescaled.span()[0]), 1e-5);
}

}  // namespace
}  // namespace easel
