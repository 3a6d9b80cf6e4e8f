#include "diffusion/denoiser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "diffusion/noise_schedule.h"
#include "diffusion/noise_source.h"
#include "easel/error.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

struct Noisy {
  Tensor x0, eps, x;
};

Noisy make_noisy(const NoiseLevel& level) {
  TorchNoise noise(3);
  Noisy noisy{noise.draw({2, 3, 5}), noise.draw({2, 3, 5}), {}};
  noisy.x = add_noise(noisy.x0, noisy.eps, level);
  return noisy;
}

DenoiserOptions predicting(PredictionType type) {
  DenoiserOptions options;
  options.prediction_type = type;
  return options;
}

// add_noise, then an exact network of each kind, gives back what was mixed, in all coordinates.
class ExactNetwork : public testing::TestWithParam<NoiseLevel> {};

TEST_P(ExactNetwork, GivesBackSampleAndNoise) {
  const NoiseLevel level = GetParam();
  const auto [x0, eps, x] = make_noisy(level);
  const double size = std::hypot(level.alpha, level.sigma);
  const Tensor v = velocity(x0, eps, {level.alpha / size, level.sigma / size, 0.0});
  const std::pair<PredictionType, Tensor> outputs[] = {
      {PredictionType::epsilon, eps}, {PredictionType::v_prediction, v}, {PredictionType::sample, x0}};
  for (const auto& [type, output] : outputs) {
    const Prediction prediction = Denoiser(nullptr, predicting(type)).interpret(output, x, level);
    // x0 is what is left of x of size sigma after eps is taken away.
    const double rounding = tolerance::kRounding * 10 * (1 + level.sigma / level.alpha + level.alpha / level.sigma);
    EXPECT_TRUE(tensors_near(prediction.denoised, x0, rounding, rounding));
    EXPECT_TRUE(tensors_near(prediction.eps, eps, rounding, rounding));
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, ExactNetwork,
                         testing::Values(NoiseLevel{1.0, 14.6, 999}, NoiseLevel{1.0, 0.03, 0},
                                         NoiseLevel{0.6, 0.8, 500}, NoiseLevel{0.0683, 0.99766, 999}));

TEST(Denoiser, RefusesEpsilonPredictionAtZeroSignal) {
  const NoiseLevel level{0.0, 1.0, 999};
  const auto [x0, eps, x] = make_noisy(level);
  try {
    Denoiser(nullptr, predicting(PredictionType::epsilon)).interpret(eps, x, level);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
  }
  const Prediction prediction =
      Denoiser(nullptr, predicting(PredictionType::v_prediction)).interpret(velocity(x0, eps, level), x, level);
  EXPECT_TRUE(tensors_near(prediction.denoised, x0, tolerance::kRounding, tolerance::kRounding));
}

TEST(Denoiser, GivesTheNetworkInputsOfUnitScale) {
  const NoiseLevel level{1.0, 3.0, 10};
  Tensor seen;
  const auto network = [&](const Tensor& input, const NoiseLevel&) { return seen = input; };
  Denoiser denoiser(network, {});
  const Tensor x = Tensor::full({2}, 10.0f);
  denoiser.network_output(x, level);
  EXPECT_TRUE(tensors_near(seen, Tensor::full({2}, static_cast<float>(std::sqrt(10.0))), 1e-6, 0));
  EXPECT_EQ(denoiser.calls(), 1);
}

TEST(Denoiser, ClipsTheSampleAndKeepsOrRecomputesEps) {
  const NoiseLevel level{0.6, 0.8, 500};
  const Tensor x = Tensor::from({2}, std::vector<float>{2.0f, 0.1f});
  const Tensor output = Tensor::from({2}, std::vector<float>{0.5f, 0.1f});
  DenoiserOptions options = predicting(PredictionType::epsilon);
  options.thresholding = Thresholding::clip;
  const Prediction recomputed = Denoiser(nullptr, options).interpret(output, x, level);
  EXPECT_FLOAT_EQ(recomputed.denoised.span()[0], 1.0f);
  EXPECT_NEAR(recomputed.eps.span()[0], (2.0 - 0.6) / 0.8, 1e-6);
  options.eps_from_thresholded = false;
  EXPECT_FLOAT_EQ(Denoiser(nullptr, options).interpret(output, x, level).eps.span()[0], 0.5f);
}

TEST(Denoiser, ThresholdsDynamicallyPerSample) {
  DenoiserOptions options = predicting(PredictionType::sample);
  options.thresholding = Thresholding::dynamic;
  options.dynamic_thresholding_ratio = 0.5;
  options.sample_max_value = 10.0;
  const Tensor output = Tensor::from({2, 3}, std::vector<float>{-8.0f, 4.0f, 1.0f, 0.5f, 0.2f, -0.1f});
  const Tensor x = Tensor::zeros({2, 3});
  const Tensor denoised = Denoiser(nullptr, options).interpret(output, x, {0.6, 0.8, 0}).denoised;
  // First sample: median 4, so limited to +-4 and divided by 4; second: median below 1, so left alone.
  EXPECT_TRUE(
      tensors_near(denoised, Tensor::from({2, 3}, std::vector<float>{-1.0f, 1.0f, 0.25f, 0.5f, 0.2f, -0.1f}), 0, 1e-6));
}

}  // namespace
}  // namespace easel
