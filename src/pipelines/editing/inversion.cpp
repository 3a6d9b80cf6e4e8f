#include "pipelines/editing/inversion.h"

#include "ops/ops.h"
#include "pipelines/denoising_loop.h"

namespace easel {
namespace {

// Embeddings that change with the step, for steps taken from the last to the first.
Conditioning backwards(Conditioning conditioning, int num_steps) {
  for (Branch& branch : conditioning.branches)
    branch.embeddings_at = [forwards = std::move(branch.embeddings_at),
                            num_steps](int step) -> const PromptEmbeddings& { return forwards(num_steps - 1 - step); };
  return conditioning;
}

// A run that adds no noise asks for none.
class NoNoise : public NoiseSource {
 public:
  Tensor draw(const Shape& shape) override { return Tensor::zeros(shape); }
};

}  // namespace

GenerationParameters invertible(GenerationParameters parameters) {
  if (parameters.sampler == "default" && parameters.schedule == "automatic") parameters.sampler = "ddim";
  return parameters;
}

Tensor inverted_noise(const DiffusionModel& model, const Conditioning& conditioning, const SamplingPlan& plan,
                      const Tensor& latents, const StepCallback& callback) {
  NoNoise none;
  const Tensor start = weighted_sum({{plan.steps.back().to.alpha, latents}});
  const Tensor end = denoise(model.unet, backwards(conditioning, static_cast<int>(plan.steps.size())),
                             inverted_plan(plan), start, none, callback);
  return weighted_sum({{1.0 / plan.init_noise_sigma, end}});
}

}  // namespace easel
