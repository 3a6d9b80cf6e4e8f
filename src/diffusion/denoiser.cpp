#include "diffusion/denoiser.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "easel/error.h"
#include "ops/ops.h"

namespace easel {
namespace {

// The eps with x = alpha * denoised + sigma * eps; 0 where there is no noise.
Tensor implied_eps(const Tensor& x, const Tensor& denoised, const NoiseLevel& level) {
  if (level.sigma == 0.0) return zeros_like(x);
  return weighted_sum({{1.0 / level.sigma, x}, {-level.alpha / level.sigma, denoised}});
}

// [N, ...] -> the same, each sample limited to +-s and divided by s.
template <typename ScaleOfQuantile>
Tensor threshold_dynamically(const Tensor& denoised, double ratio, ScaleOfQuantile scale_of_quantile) {
  const std::vector<double> quantiles = row_quantiles(absolute(denoised), ratio);
  std::vector<Tensor> samples;
  for (int64_t n = 0; n < denoised.dim(0); ++n) {
    const Tensor sample = slice(denoised, 0, n, n + 1);
    const double s = scale_of_quantile(quantiles[static_cast<size_t>(n)]);
    samples.push_back(weighted_sum({{1.0 / s, clamp(sample, static_cast<float>(-s), static_cast<float>(s))}}));
  }
  return concat(samples, 0);
}

}  // namespace

PredictionType parse_prediction_type(std::string_view name) {
  if (name == "epsilon" || name == "eps") return PredictionType::epsilon;
  if (name == "v_prediction" || name == "v") return PredictionType::v_prediction;
  if (name == "sample") return PredictionType::sample;
  throw Error(ErrorCode::InvalidArgument,
              "[denoiser] prediction_type = " + std::string(name) + "; must be epsilon, v_prediction or sample");
}

Tensor Denoiser::network_output(const Tensor& x, const NoiseLevel& level) {
  ++calls_;
  const double scale = std::hypot(level.alpha, level.sigma);
  constexpr double kRounding = 1e-9;  // variance-preserving levels: hypot is 1 but for rounding
  if (std::fabs(scale - 1.0) < kRounding) return network_(x, level);
  return network_(weighted_sum({{1.0 / scale, x}}), level);
}

Prediction Denoiser::interpret(const Tensor& output, const Tensor& x, const NoiseLevel& level) const {
  const double alpha = level.alpha, sigma = level.sigma, scale = std::hypot(alpha, sigma);
  Prediction prediction;
  switch (options_.prediction_type) {
    case PredictionType::epsilon:
      if (alpha == 0.0)
        throw Error(ErrorCode::InvalidArgument,
                    "[denoiser] prediction_type = epsilon at zero signal; a schedule of zero terminal SNR needs "
                    "v_prediction or sample");
      prediction = {weighted_sum({{1.0 / alpha, x}, {-sigma / alpha, output}}), output};
      break;
    case PredictionType::v_prediction:  // v = (alpha eps - sigma x0) / hypot; Salimans & Ho 2022, appendix D
      prediction = {weighted_sum({{alpha / (scale * scale), x}, {-sigma / scale, output}}),
                    weighted_sum({{sigma / (scale * scale), x}, {alpha / scale, output}})};
      break;
    case PredictionType::sample:
      prediction = {output, output};
      if (options_.sample_eps == SampleEps::consistent) prediction.eps = implied_eps(x, output, level);
      break;
  }
  if (options_.thresholding == Thresholding::none) return prediction;
  prediction.denoised = thresholded(prediction.denoised);
  if (options_.eps_from_thresholded) prediction.eps = implied_eps(x, prediction.denoised, level);
  return prediction;
}

Tensor Denoiser::thresholded(const Tensor& denoised) const {
  const double ratio = options_.dynamic_thresholding_ratio, limit = options_.sample_max_value;
  if (options_.thresholding == Thresholding::dynamic)
    return threshold_dynamically(denoised, ratio, [&](double s) { return std::clamp(s, 1.0, std::max(1.0, limit)); });
  if (options_.thresholding == Thresholding::dynamic_floor)
    return threshold_dynamically(denoised, ratio, [&](double s) { return std::max(s, limit); });
  const float range = static_cast<float>(options_.clip_sample_range);
  return clamp(denoised, -range, range);
}

}  // namespace easel
