// analytic_model.h — the functions that the scheduler and sampler cases use in place of a network.
#pragma once

#include <vector>

#include "diffusion/denoiser.h"
#include "diffusion/sampling_plan.h"
#include "golden/golden_case.h"

namespace easel::golden {

// 0.8 x + 0.3 sin(2 x + phase), elementwise in f32.
Tensor analytic_output(const Tensor& x, double phase);

// What a run asked of the network.
struct ModelCalls {
  std::vector<Tensor> inputs;
  std::vector<NoiseLevel> levels;

  // The sample at a call: the input times hypot(alpha, sigma).
  Tensor sample_at(size_t call) const;
  std::vector<double> timesteps() const;
};

// A network that is analytic_output with phase t / 100 and records its calls.
PredictFunction recording_network(ModelCalls& calls);

// The tensor `name` of shape [n, ...] as n draws; none where the case has no such input.
ReplayNoise replayed_draws(const GoldenCase& golden_case, const std::string& name);

// n tensors of one shape as [n, ...].
Tensor stacked(const std::vector<Tensor>& tensors);

}  // namespace easel::golden
