#include "pipelines/text_to_image.h"

#include "ops/ops.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/second_pass.h"

namespace easel {
MadePictures text_to_image(const DiffusionModel& model, const GenerationRequest& request,
                           const GenerationCallbacks& callbacks) {
  require_words_suffice(model);
  const GenerationRequest resolved = resolved_request(model, request);
  const SamplingPlan plan = plan_for(model, resolved.parameters);
  check_run(model, resolved, plan, callbacks);
  const bool twice = resolved.parameters.hires_scale > 1;
  const auto steps = static_cast<int64_t>(plan.steps.size());  // PNDM takes one more than was asked for
  ProgressClock clock(callbacks, steps + (twice ? check_second_pass(model, resolved, callbacks) : 0));

  clock.report(GenerationPhase::encoding_prompt, 0);
  const Conditioning conditioning = encode_conditioning(model, resolved);

  clock.report(GenerationPhase::denoising, 0);
  const std::unique_ptr<NoiseSource> noise = latent_noise(resolved);
  const Tensor start = weighted_sum({{plan.init_noise_sigma, initial_noise(model, resolved, *noise)}});
  const Tensor latents = denoise(model.unet, conditioning, plan, start, *noise, step_reports(model, callbacks, clock));

  return {.parameters = resolved.parameters,
          .pictures = twice ? second_pass(model, resolved, latents, callbacks, clock, steps)
                            : decode_pictures(model, latents, resolved.parameters.vae_band_rows, clock)};
}

}  // namespace easel
