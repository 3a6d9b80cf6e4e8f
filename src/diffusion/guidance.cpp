#include "diffusion/guidance.h"

#include <vector>

#include "ops/ops.h"

namespace easel {

Tensor apply_guidance(const Tensor& unconditional, const Tensor& conditional, double guidance_scale) {
  return weighted_sum({{1.0 - guidance_scale, unconditional}, {guidance_scale, conditional}});
}

Tensor rescale_guidance(const Tensor& guided, const Tensor& conditional, double guidance_rescale) {
  if (guidance_rescale == 0.0) return guided;
  const std::vector<double> found = row_deviations(guided), wanted = row_deviations(conditional);
  std::vector<float> scales;
  for (size_t n = 0; n < found.size(); ++n)
    scales.push_back(static_cast<float>(guidance_rescale * (wanted[n] / found[n]) + 1.0 - guidance_rescale));
  return scale_rows(guided, to_device(Tensor::from({guided.dim(0)}, scales), guided.device()));
}

}  // namespace easel
