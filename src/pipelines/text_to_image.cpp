#include "pipelines/text_to_image.h"

#include "easel/error.h"
#include "ops/ops.h"
#include "pipelines/denoising_loop.h"

namespace easel {
namespace {

// Some inputs of a network come from a picture or a label: such a model cannot work from words alone.
void require_words_suffice(const DiffusionModel& model) {
  const UNetConfig& unet = model.unet.config();
  const int64_t latent_channels = model.vae.config().latent_channels;
  if (unet.in_channels != latent_channels)
    throw Error(ErrorCode::Unsupported, "[generate] " + model.name + " has " + std::to_string(unet.in_channels) +
                                            " input channels instead of " + std::to_string(latent_channels) +
                                            ": it needs a picture besides the prompt");
  if (unet.class_embedding != ClassEmbedding::none)
    throw Error(ErrorCode::Unsupported,
                "[generate] " + model.name + " is conditioned on class labels besides the prompt");
}

}  // namespace

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
