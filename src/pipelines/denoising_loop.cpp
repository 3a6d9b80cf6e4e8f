#include "pipelines/denoising_loop.h"

#include "diffusion/guidance.h"

namespace easel {
namespace {

// [1, ...] repeated N times along the first dimension; [N, ...] as it is.
Tensor repeated(const Tensor& x, int64_t n) {
  return x.dim(0) == n ? x : concat(std::vector<Tensor>(static_cast<size_t>(n), x), 0);
}

// The network with its conditioning as a function of latents: with guidance one batch of 2 N, negative prompts first.
class GuidedNetwork {
 public:
  GuidedNetwork(const UNet2DConditionModel& unet, const Conditioning& conditioning, int64_t num_samples)
      : unet_(unet), conditioning_(conditioning), num_samples_(num_samples) {
    const PromptPair& prompts = conditioning.prompts;
    text_ = repeated(prompts.prompt.encoder_hidden_states, num_samples);
    if (prompts.prompt.text_embeds.defined()) pooled_ = repeated(prompts.prompt.text_embeds, num_samples);
    if (!guided()) return;
    text_ = concat({repeated(prompts.negative.encoder_hidden_states, num_samples), text_}, 0);
    if (pooled_.defined()) pooled_ = concat({repeated(prompts.negative.text_embeds, num_samples), pooled_}, 0);
  }

  Tensor operator()(const Tensor& model_input, const NoiseLevel& level) const {
    UNetInputs inputs;
    inputs.sample = guided() ? concat({model_input, model_input}, 0) : model_input;
    inputs.timesteps.assign(static_cast<size_t>(inputs.sample.dim(0)), static_cast<float>(level.timestep));
    inputs.encoder_hidden_states = text_;
    if (unet_.config().text_time_embedding) {
      inputs.text_embeds = pooled_;
      for (int64_t n = 0; n < inputs.sample.dim(0); ++n)
        inputs.time_ids.insert(inputs.time_ids.end(), conditioning_.time_ids.begin(), conditioning_.time_ids.end());
    }
    const Tensor predicted = unet_(inputs);  // [2 N or N, H, W, C]
    if (!guided()) return predicted;
    const Tensor negative = predicted.rows(0, num_samples_);
    const Tensor prompt = predicted.rows(num_samples_, 2 * num_samples_);
    return rescale_guidance(apply_guidance(negative, prompt, conditioning_.guidance_scale), prompt,
                            conditioning_.guidance_rescale);
  }

 private:
  bool guided() const { return conditioning_.guidance_scale != 1.0; }

  const UNet2DConditionModel& unet_;
  const Conditioning& conditioning_;
  int64_t num_samples_;
  Tensor text_;    // [2 N or N, L, D]
  Tensor pooled_;  // [2 N or N, D]
};

}  // namespace

Tensor denoise(const UNet2DConditionModel& unet, const Conditioning& conditioning, const SamplingPlan& plan,
               Tensor latents, NoiseSource& noise, const StepCallback& callback) {
  const GuidedNetwork network(unet, conditioning, latents.dim(0));
  const Device device = conditioning.prompts.prompt.encoder_hidden_states.device();
  return to_host(sample(plan, network, to_device(latents, device), noise, callback));
}

}  // namespace easel
