#include "training/losses/diffusion_loss.h"

#include "ops/ops.h"

namespace easel {

NoisyBatch add_noise(const DiffusionObjective& objective, const Tensor& latents, const Tensor& noise,
                     const std::vector<int>& timesteps) {
  const auto count = static_cast<int64_t>(timesteps.size());
  NoisyBatch batch{
      .timesteps = {timesteps.begin(), timesteps.end()}, .noisy = {}, .target = {}, .weights = Tensor::empty({count})};
  std::vector<Tensor> noisy, target;
  for (int64_t n = 0; n < count; ++n) {
    const int timestep = timesteps[static_cast<size_t>(n)];
    const NoiseLevel level = objective.schedule.level(timestep);
    const Tensor x0 = latents.rows(n, n + 1), epsilon = noise.rows(n, n + 1);
    noisy.push_back(add_noise(x0, epsilon, level));
    target.push_back(objective.target == PredictionTarget::epsilon ? epsilon : velocity(x0, epsilon, level));
    batch.weights.f32()[n] = static_cast<float>(
        min_snr_weight(objective.schedule.alpha_cumprod(timestep), objective.snr_gamma, objective.target));
  }
  batch.noisy = concat(noisy, 0);
  batch.target = concat(target, 0);
  return batch;
}

}  // namespace easel
