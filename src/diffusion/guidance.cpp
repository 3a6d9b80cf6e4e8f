#include "diffusion/guidance.h"

#include <cmath>
#include <vector>

#include "ops/ops.h"

namespace easel {
namespace {

double standard_deviation(std::span<const float> values) {
  double mean = 0.0, squares = 0.0;
  for (float value : values) mean += value;
  mean /= static_cast<double>(values.size());
  for (float value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

}  // namespace

Tensor apply_guidance(const Tensor& unconditional, const Tensor& conditional, double guidance_scale) {
  return weighted_sum({{1.0 - guidance_scale, unconditional}, {guidance_scale, conditional}});
}

Tensor rescale_guidance(const Tensor& guided, const Tensor& conditional, double guidance_rescale) {
  if (guidance_rescale == 0.0) return guided;
  std::vector<Tensor> samples;
  for (int64_t n = 0; n < guided.dim(0); ++n) {
    const Tensor sample = guided.rows(n, n + 1);
    const double ratio = standard_deviation(conditional.rows(n, n + 1).span()) / standard_deviation(sample.span());
    samples.push_back(weighted_sum({{guidance_rescale * ratio + 1.0 - guidance_rescale, sample}}));
  }
  return concat(samples, 0);
}

}  // namespace easel
