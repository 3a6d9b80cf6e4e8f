#include "training/losses/losses.h"

#include <algorithm>

#include "easel/error.h"
#include "ops/ops.h"

namespace easel {
namespace {

Tensor difference(const Tensor& a, const Tensor& b) { return weighted_sum({{1.0, a}, {-1.0, b}}); }
Tensor square(const Tensor& x) { return multiply(x, x); }

}  // namespace

PredictionTarget parse_prediction_target(const std::string& name) {
  if (name == "epsilon") return PredictionTarget::epsilon;
  if (name == "v_prediction") return PredictionTarget::v_prediction;
  throw Error(ErrorCode::InvalidArgument, "[train] prediction_type = " + name + "; must be epsilon or v_prediction");
}

Tensor mean(const Tensor& x) { return row_means(reshape(x, {1, x.numel()})); }

Tensor row_squared_errors(const Tensor& prediction, const Tensor& target) {
  return row_means(square(difference(prediction, target)));
}

Tensor squared_error(const Tensor& prediction, const Tensor& target, const Tensor& weights) {
  const Tensor rows = row_squared_errors(prediction, target);
  return mean(weights.defined() ? multiply(rows, weights) : rows);
}

Tensor absolute_error(const Tensor& prediction, const Tensor& target) {
  return mean(absolute(difference(prediction, target)));
}

Tensor kl_divergence(const Tensor& mean_of_latents, const Tensor& logvar) {
  const Tensor one = to_backend(Tensor::full({1}, 1.0f), logvar.backend_kind());
  const Tensor sum = mean(weighted_sum({{1.0, square(mean_of_latents)}, {1.0, exponential(logvar)}, {-1.0, logvar}}));
  return weighted_sum({{0.5, sum}, {-0.5, one}});
}

Tensor cross_entropy(const Tensor& logits, std::span<const int32_t> labels) {
  const int64_t classes = logits.dim(1);
  if (static_cast<int64_t>(labels.size()) != logits.dim(0))
    throw Error(ErrorCode::InvalidArgument, "[cross_entropy] " + std::to_string(labels.size()) + " labels for logits " +
                                                logits.shape().to_string());
  const auto counted = std::count_if(labels.begin(), labels.end(), [](int32_t label) { return label >= 0; });
  // Scaled so that the mean over all elements is the mean over the rows that count.
  const double scale = counted == 0 ? 0.0 : static_cast<double>(logits.numel()) / static_cast<double>(counted);
  Tensor chosen = Tensor::zeros(logits.shape());
  for (size_t n = 0; n < labels.size(); ++n) {
    if (labels[n] >= classes)
      throw Error(ErrorCode::InvalidArgument,
                  "[cross_entropy] label " + std::to_string(labels[n]) + "; must be below " + std::to_string(classes));
    if (labels[n] >= 0) chosen.f32()[static_cast<int64_t>(n) * classes + labels[n]] = -static_cast<float>(scale);
  }
  return mean(multiply(log_softmax(logits), to_backend(chosen, logits.backend_kind())));
}

double min_snr_weight(double alpha_cumprod, double gamma, PredictionTarget target) {
  if (gamma <= 0) return 1.0;
  const double snr = alpha_cumprod / (1 - alpha_cumprod);
  return std::min(snr, gamma) / (target == PredictionTarget::epsilon ? snr : snr + 1);
}

double item(const Tensor& loss) { return to_host(loss).f32()[0]; }

}  // namespace easel
