#include "pipelines/text_to_image.h"

#include "ops/ops.h"
#include "pipelines/denoising_loop.h"

namespace easel {
MadePictures text_to_image(const DiffusionModel& model, const GenerationRequest& request,
                           const GenerationCallbacks& callbacks) {
  require_words_suffice(model);
  const GenerationRequest resolved = resolved_request(model, request);
  const SamplingPlan plan = plan_for(model, resolved.parameters);
  check_run(model, resolved, plan, callbacks);
  ProgressClock clock(callbacks, static_cast<int64_t>(plan.steps.size()));  // PNDM takes one more than was asked for

  clock.report(GenerationPhase::encoding_prompt, 0);
  const Conditioning conditioning = encode_conditioning(model, resolved);

  clock.report(GenerationPhase::denoising, 0);
  const std::unique_ptr<NoiseSource> noise = latent_noise(resolved);
  const Tensor start = weighted_sum({{plan.init_noise_sigma, noise->draw(latent_shape(model, resolved))}});
  const Tensor latents = denoise(model.unet, conditioning, plan, start, *noise, step_reports(model, callbacks, clock));

  return {.parameters = resolved.parameters,
          .pictures = decode_pictures(model, latents, resolved.parameters.vae_band_rows, clock)};
}

}  // namespace easel
