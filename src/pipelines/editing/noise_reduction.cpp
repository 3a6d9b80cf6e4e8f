#include "pipelines/editing/noise_reduction.h"

#include <cmath>

#include "easel/error.h"
#include "ops/ops.h"
#include "pictures/wiener_filter.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/editing/edited_picture.h"

namespace easel {
namespace {

constexpr double kLeastNoise = 0.5;  // of 255: below, there is nothing to take out

// What noise of `sigma` (of 255) in a canvas becomes in its latents: the root mean square of the change.
double latent_noise_of(const DiffusionModel& model, const Tensor& canvas, const Tensor& latents, double sigma,
                       NoiseSource& noise) {
  const Tensor noisier = weighted_sum({{1.0, canvas}, {sigma / 127.5, noise.draw(canvas.shape())}});
  const Tensor change = weighted_sum({{1.0, encode_canvas(model, noisier)}, {-1.0, latents}});
  return std::sqrt(static_cast<double>(to_host(row_means(multiply(change, change))).f32()[0]));
}

// The first step of the plan at which latents hold at most this much noise for their signal.
int step_at_noise(const SamplingPlan& plan, double relative_sigma) {
  int step = 0;
  for (const SamplerStep& planned : plan.steps) {
    if (planned.at.relative_sigma() <= relative_sigma) return step;
    ++step;
  }
  return step;
}

}  // namespace

MadePictures noise_reduction(const DiffusionModel& model, const GenerationRequest& request,
                             const GenerationCallbacks& callbacks) {
  require_words_suffice(model);
  const EditedPicture edited(request.parameters, /*masked=*/false, model.vae.config().downsampling());
  GenerationRequest resolved = resolved_request(model, on_canvas(request, edited));
  GenerationParameters& parameters = resolved.parameters;
  if (parameters.num_images > 1)
    throw Error(ErrorCode::InvalidArgument,
                "[denoise] num_images = " + std::to_string(parameters.num_images) + "; must be 1");
  if (parameters.noise_sigma < 0) parameters.noise_sigma = estimated_noise(edited.original());
  if (parameters.noise_sigma < kLeastNoise) return unchanged(resolved, edited);
  SamplingPlan plan = plan_for(model, parameters);
  check_run(model, resolved, plan, callbacks);
  ProgressClock clock(callbacks, static_cast<int64_t>(plan.steps.size()));

  clock.report(GenerationPhase::encoding_prompt, 0);
  const Tensor canvas = edited.canvas(), latents = encode_canvas(model, canvas);
  const std::unique_ptr<NoiseSource> noise = latent_noise(resolved);
  plan.begin = step_at_noise(plan, latent_noise_of(model, canvas, latents, parameters.noise_sigma, *noise));
  Tensor clean = latents;
  if (plan.begin < static_cast<int>(plan.steps.size())) {
    const Conditioning conditioning = encode_conditioning(model, resolved, {.begin = plan.begin});
    const Tensor start = weighted_sum({{plan.start_level().alpha, latents}});
    clean = denoise(model.unet, conditioning, plan, start, *noise, step_reports(model, callbacks, clock));
  }
  MadePictures made{.parameters = parameters,
                    .pictures = decode_pictures(model, clean, parameters.vae_band_rows, clock)};
  for (Picture& picture : made.pictures)
    picture = wiener_filtered(edited.original(), edited.composited(picture, 0), parameters.noise_sigma);
  return made;
}

}  // namespace easel
