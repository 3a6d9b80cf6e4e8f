#include "diffusion/guidance.h"

#include <algorithm>
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

// See combine_predictions: guided and conditional [N, ...].
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

// The conditional branches alone, by their weights.
Tensor conditional_mean(const std::vector<BranchPrediction>& branches) {
  double total = 0;
  for (const BranchPrediction& branch : branches) total += branch.unconditional ? 0 : branch.weight;
  std::vector<std::pair<double, Tensor>> terms;
  for (const BranchPrediction& branch : branches)
    if (!branch.unconditional) terms.emplace_back(branch.weight / total, branch.prediction);
  return weighted_sum(terms);
}

}  // namespace

Tensor combine_predictions(const std::vector<BranchPrediction>& branches, double guidance_rescale) {
  if (branches.size() == 1 && !branches[0].region.defined()) return branches[0].prediction;
  std::vector<std::pair<double, Tensor>> terms;
  for (const auto& [prediction, weight, unconditional, region] : branches)
    terms.emplace_back(weight, region.defined() ? multiply(prediction, region) : prediction);
  const Tensor guided = weighted_sum(terms);
  const bool guides = std::ranges::any_of(branches, &BranchPrediction::unconditional);
  return guides ? rescale_guidance(guided, conditional_mean(branches), guidance_rescale) : guided;
}

}  // namespace easel
