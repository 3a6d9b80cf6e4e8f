#include "pipelines/editing/latent_upscale.h"

#include "diffusion/scheduler_config.h"
#include "easel/error.h"
#include "ops/ops.h"
#include "pictures/picture_tensor.h"
#include "pipelines/denoising_loop.h"

namespace easel {
namespace {

constexpr int64_t kColours = 3;

void require_upscaler(const DiffusionModel& model) {
  const UNetConfig& unet = model.unet.config();
  const bool fits = unet.in_channels == model.vae.config().latent_channels + kColours &&
                    unet.class_embedding == ClassEmbedding::table && !model.low_res_scheduler_config.is_null();
  if (!fits)
    throw Error(ErrorCode::Unsupported,
                "[upscale] " + model.name +
                    " is no upscaling model: one has three input channels more, noise levels as "
                    "labels and a low_res_scheduler");
}

}  // namespace

MadePictures latent_upscale(const DiffusionModel& model, const GenerationRequest& request,
                            const GenerationCallbacks& callbacks) {
  require_upscaler(model);
  const GenerationParameters& asked = request.parameters;
  if (!asked.image.given()) throw Error(ErrorCode::InvalidArgument, "[edit] no image; an edit starts from one");
  GenerationRequest sized = request;
  sized.parameters.width = asked.image.picture.width_px * model.vae.config().downsampling();
  sized.parameters.height = asked.image.picture.height_px * model.vae.config().downsampling();
  const GenerationRequest resolved = resolved_request(model, sized);
  const auto level = static_cast<int32_t>(resolved.parameters.noise_level);
  if (level >= model.unet.config().num_class_embeds)
    throw Error(ErrorCode::InvalidArgument, "[upscale] noise_level = " + std::to_string(level) + "; must be below " +
                                                std::to_string(model.unet.config().num_class_embeds) + " for " +
                                                model.name);
  const SamplingPlan plan = plan_for(model, resolved.parameters);
  check_run(model, resolved, plan, callbacks);
  ProgressClock clock(callbacks, static_cast<int64_t>(plan.steps.size()));

  clock.report(GenerationPhase::encoding_prompt, 0);
  Conditioning conditioning = encode_conditioning(model, resolved);
  const std::unique_ptr<NoiseSource> noise = latent_noise(resolved);
  const Shape shape = latent_shape(model, resolved);
  const Tensor image = image_from_picture(asked.image.picture);
  const Tensor images = concat(std::vector<Tensor>(static_cast<size_t>(shape[0]), image), 0);
  const NoiseSchedule schedule = read_noise_schedule(model.low_res_scheduler_config, ZeroTerminalSnr::exact);
  conditioning.extra_channels = add_noise(images, noise->draw(images.shape()), schedule.level(level));
  conditioning.class_labels = Tensor::from({1}, std::vector<int32_t>{level});

  clock.report(GenerationPhase::denoising, 0);
  const Tensor start = weighted_sum({{plan.init_noise_sigma, noise->draw(shape)}});
  const Tensor latents = denoise(model.unet, conditioning, plan, start, *noise, step_reports(model, callbacks, clock));
  return {.parameters = resolved.parameters,
          .pictures = decode_pictures(model, latents, resolved.parameters.vae_band_rows, clock)};
}

}  // namespace easel
