#include "golden/analytic_model.h"

#include <cmath>

#include "ops/ops.h"

namespace easel::golden {

Tensor analytic_output(const Tensor& x, double phase) {
  Tensor output = Tensor::empty(x.shape());
  const auto from = x.span(), to = output.span();
  for (size_t i = 0; i < from.size(); ++i)
    to[i] = 0.8f * from[i] + 0.3f * std::sin(2.0f * from[i] + static_cast<float>(phase));
  return output;
}

Tensor ModelCalls::sample_at(size_t call) const {
  return weighted_sum({{std::hypot(levels[call].alpha, levels[call].sigma), inputs[call]}});
}

std::vector<double> ModelCalls::timesteps() const {
  std::vector<double> timesteps;
  for (const NoiseLevel& level : levels) timesteps.push_back(level.timestep);
  return timesteps;
}

PredictFunction recording_network(ModelCalls& calls) {
  return [&calls](const Tensor& model_input, const NoiseLevel& level) {
    calls.inputs.push_back(model_input);
    calls.levels.push_back(level);
    return analytic_output(model_input, level.timestep / 100.0);
  };
}

ReplayNoise replayed_draws(const GoldenCase& golden_case, const std::string& name) {
  std::vector<Tensor> draws;
  if (golden_case.has_input(name)) {
    const Tensor all = golden_case.input_f32(name);
    const Shape one(all.shape().begin() + 1, all.rank() - 1);
    for (int64_t i = 0; i < all.dim(0); ++i) draws.push_back(all.rows(i, i + 1).view(one));
  }
  return ReplayNoise(std::move(draws));
}

Tensor stacked(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> rows;
  for (const Tensor& tensor : tensors) {
    int64_t extents[Shape::kMaxRank] = {1};
    std::copy(tensor.shape().begin(), tensor.shape().end(), extents + 1);
    rows.push_back(tensor.view(Shape(extents, tensor.rank() + 1)));
  }
  return concat(rows, 0);
}

}  // namespace easel::golden
