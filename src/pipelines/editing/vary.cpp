#include "pipelines/editing/vary.h"

#include "ops/ops.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/editing/edited_picture.h"
#include "pipelines/editing/inversion.h"
#include "pipelines/first_noise.h"

namespace easel {

MadePictures vary(const DiffusionModel& model, const GenerationRequest& request, const GenerationCallbacks& callbacks) {
  require_words_suffice(model);
  const EditedPicture edited(request.parameters, /*masked=*/false, model.vae.config().downsampling());
  GenerationRequest resolved = resolved_request(model, on_canvas(request, edited));
  resolved.parameters = invertible(resolved.parameters);
  const SamplingPlan plan = plan_for(model, resolved.parameters);
  const auto steps = static_cast<int64_t>(plan.steps.size());
  inverted_plan(plan);  // refuses before anything is computed
  check_run(model, resolved, plan, callbacks);
  ProgressClock clock(callbacks, 2 * steps);

  clock.report(GenerationPhase::encoding_prompt, 0);
  const Conditioning conditioning = encode_conditioning(model, resolved);
  const Tensor latents = encode_canvas(model, edited.canvas());

  clock.report(GenerationPhase::denoising, 0);
  const Tensor own = inverted_noise(model, conditioning, plan, latents, step_reports(model, callbacks, clock));
  const std::unique_ptr<NoiseSource> noise = latent_noise(resolved);
  const Tensor other = noise->draw(latent_shape(model, resolved));
  const Tensor mixed = spherical_mixture(concat(std::vector<Tensor>(static_cast<size_t>(other.dim(0)), own), 0), other,
                                         resolved.parameters.amount);
  const Tensor varied = denoise(model.unet, conditioning, plan, weighted_sum({{plan.init_noise_sigma, mixed}}), *noise,
                                step_reports(model, callbacks, clock, steps));

  MadePictures made{.parameters = resolved.parameters,
                    .pictures = decode_pictures(model, varied, resolved.parameters.vae_band_rows, clock)};
  for (Picture& picture : made.pictures) picture = edited.composited(picture, 0);
  return made;
}

}  // namespace easel
