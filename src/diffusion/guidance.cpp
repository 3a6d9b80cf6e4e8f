#include "diffusion/guidance.h"

#include <algorithm>
#include <vector>

#include "ops/ops.h"

namespace easel {
namespace {

// See combine_predictions: guided and conditional [N, ...].
Tensor rescale_guidance(const Tensor& guided, const Tensor& conditional, double guidance_rescale) {
  if (guidance_rescale == 0.0) return guided;
  const std::vector<double> found = row_deviations(guided), wanted = row_deviations(conditional);
  std::vector<float> scales;
  for (size_t n = 0; n < found.size(); ++n)
    scales.push_back(static_cast<float>(guidance_rescale * (wanted[n] / found[n]) + 1.0 - guidance_rescale));
  return scale_rows(guided, to_device(Tensor::from({guided.dim(0)}, scales), guided.device()));
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
