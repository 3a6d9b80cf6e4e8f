#include "pipelines/editing/image_to_image.h"

#include "pipelines/denoising_loop.h"
#include "pipelines/editing/edited_picture.h"
#include "pipelines/editing/known_part.h"

namespace easel {

MadePictures image_to_image(const DiffusionModel& model, const GenerationRequest& request,
                            const GenerationCallbacks& callbacks) {
  require_words_suffice(model);
  const EditedPicture edited(request.parameters, /*masked=*/false, model.vae.config().downsampling());
  const GenerationRequest resolved = resolved_request(model, on_canvas(request, edited));
  const int begin = first_step(resolved.parameters);
  if (begin == resolved.parameters.num_inference_steps) return unchanged(resolved, edited);
  const SamplingPlan plan = plan_for(model, resolved.parameters, {.begin = begin});
  check_run(model, resolved, plan, callbacks);
  ProgressClock clock(callbacks, static_cast<int64_t>(plan.steps.size()));

  clock.report(GenerationPhase::encoding_prompt, 0);
  const Conditioning conditioning = encode_conditioning(model, resolved, {.begin = begin});
  const std::unique_ptr<NoiseSource> noise = latent_noise(resolved);
  const KnownPart picture(encode_canvas(model, edited.canvas()), initial_noise(model, resolved, *noise),
                          edited.cell_changes());

  clock.report(GenerationPhase::denoising, begin);
  const Tensor latents = denoise(model.unet, conditioning, plan, picture.at(plan.start_level()), *noise,
                                 step_reports(model, callbacks, clock));

  MadePictures made{.parameters = resolved.parameters,
                    .pictures = decode_pictures(model, latents, resolved.parameters.vae_band_rows, clock)};
  for (Picture& generated : made.pictures) generated = edited.composited(generated, 0);
  return made;
}

}  // namespace easel
