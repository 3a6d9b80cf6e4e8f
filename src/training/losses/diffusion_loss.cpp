#include "training/losses/diffusion_loss.h"

#include <algorithm>
#include <cmath>

#include "datasets/step_random.h"
#include "easel/error.h"
#include "files/quoted_text.h"
#include "ops/ops.h"

namespace easel {

TimestepSampling parse_timestep_sampling(const std::string& name) {
  if (name == "uniform") return TimestepSampling::uniform;
  if (name == "logit_normal") return TimestepSampling::logit_normal;
  throw Error(ErrorCode::InvalidArgument,
              "[train] timestep_sampling = " + quoted_text(name) + "; must be uniform or logit_normal");
}

int random_timestep(const DiffusionObjective& objective, uint64_t seed, int64_t batch, int64_t place) {
  const int total = objective.schedule.num_train_timesteps();
  if (objective.timestep_sampling == TimestepSampling::uniform)
    return static_cast<int>(random_below(random_bits(seed, batch, Purpose::timesteps, place), total));
  const double z = random_normal(seed, batch, Purpose::timesteps, {1}, place).f32()[0];
  const int timestep = static_cast<int>(total / (1 + std::exp(-z)));
  return std::min(timestep, total - 1);  // sigmoid(z) rounds to 1 for a z of 37
}

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

Tensor object_weight_roots(const Tensor& cover, double object_weight, int64_t channels) {
  Tensor roots = Tensor::empty({cover.dim(0), cover.dim(1), cover.dim(2), channels});
  double sum = 0;
  for (int64_t i = 0; i < cover.numel(); ++i) sum += 1 + (object_weight - 1) * cover.f32()[i];
  const double mean = sum / static_cast<double>(cover.numel());
  for (int64_t i = 0; i < cover.numel(); ++i)
    std::fill_n(roots.f32() + i * channels, channels,
                static_cast<float>(std::sqrt((1 + (object_weight - 1) * cover.f32()[i]) / mean)));
  return roots;
}

}  // namespace easel
