#include "pipelines/editing/inpaint.h"

#include "ops/ops.h"
#include "pictures/hole_filling.h"
#include "pictures/patch_filling.h"
#include "pictures/picture_tensor.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/editing/edited_picture.h"
#include "pipelines/editing/known_part.h"

namespace easel {
namespace {

constexpr float kMasked = 0.5f;  // change from which a model of 9 channels sees a pixel as masked

// Whether the network takes the mask and the latents of the masked picture behind its own.
bool takes_mask(const DiffusionModel& model) {
  return model.unet.config().in_channels == 2 * model.vae.config().latent_channels + 1;
}

// [1, H, W, 1 + C]: 1 where it changes, and the latents of the picture with grey there.
Tensor mask_channels(const DiffusionModel& model, const EditedPicture& edited) {
  Picture masked = edited.original();
  for (size_t i = 0; i < edited.change().size(); ++i)
    if (edited.change()[i] >= kMasked)
      for (size_t c = 0; c < 3; ++c) masked.pixels[i * static_cast<size_t>(masked.channels) + c] = 128;
  Tensor mask = edited.cell_changes();
  for (int64_t i = 0; i < mask.numel(); ++i) mask.f32()[i] = mask.f32()[i] >= kMasked ? 1.0f : 0.0f;
  return concat({mask, encode_canvas(model, edited.canvas_of(masked))}, -1);
}

// Clean latents to start from: the picture's, with the masked part as the request wants it.
Tensor content_latents(const DiffusionModel& model, const GenerationParameters& parameters, const EditedPicture& edited,
                       NoiseSource& noise, const Shape& shape) {
  const std::string& content = parameters.masked_content;
  if (content == "fill")
    return encode_canvas(model, edited.canvas_of(with_holes_filled(edited.original(), edited.change())));
  if (content == "patches") {
    const auto seed = static_cast<uint64_t>(parameters.seed);
    return encode_canvas(model, edited.canvas_of(with_patches_filled(edited.original(), edited.change(), seed)));
  }
  const Tensor known = encode_canvas(model, edited.canvas());
  if (content == "original" || content == "automatic") return known;
  const Tensor other =
      content == "noise" ? noise.draw({1, shape[1], shape[2], shape[3]}) : Tensor::zeros(known.shape());
  const Tensor change = concat(std::vector<Tensor>(static_cast<size_t>(shape[3]), edited.cell_changes()), -1);
  return add(known, multiply(change, weighted_sum({{1.0, other}, {-1.0, known}})));
}

// Without a prompt nothing new is asked for: what was there goes. Models made for it know what to put there.
bool only_removes(const DiffusionModel& model, const GenerationParameters& parameters) {
  const bool patches =
      parameters.masked_content == "patches" || (parameters.masked_content == "automatic" && !takes_mask(model));
  return patches && parameters.prompt.empty() && parameters.negative_prompt.empty();
}

MadePictures removal(const DiffusionModel& model, const GenerationRequest& request, const EditedPicture& edited) {
  const GenerationRequest resolved = resolved_request(model, on_canvas(request, edited));
  const GenerationParameters& parameters = resolved.parameters;
  MadePictures made{.parameters = parameters, .pictures = {}};
  for (int64_t i = 0; i < resolved.num_images(); ++i) {
    const auto seed = static_cast<uint64_t>(parameters.seed + i);
    const Picture filled = with_patches_filled(edited.original(), edited.change(), seed);
    const Picture canvas = pictures_from_image(edited.canvas_of(filled)).front();
    made.pictures.push_back(edited.composited(canvas, parameters.mask_blur));
  }
  return made;
}

}  // namespace

MadePictures inpaint(const DiffusionModel& model, const GenerationRequest& request,
                     const GenerationCallbacks& callbacks) {
  if (!takes_mask(model)) require_words_suffice(model);
  const EditedPicture edited(request.parameters, /*masked=*/true, model.vae.config().downsampling());
  if (only_removes(model, request.parameters)) return removal(model, request, edited);
  const GenerationRequest resolved = resolved_request(model, on_canvas(request, edited));
  const int begin = first_step(resolved.parameters);
  if (begin == resolved.parameters.num_inference_steps) return unchanged(resolved, edited);
  const SamplingPlan plan = plan_for(model, resolved.parameters, {.begin = begin});
  check_run(model, resolved, plan, callbacks);
  ProgressClock clock(callbacks, static_cast<int64_t>(plan.steps.size()));

  clock.report(GenerationPhase::encoding_prompt, 0);
  Conditioning conditioning = encode_conditioning(model, resolved, {.begin = begin});
  if (takes_mask(model)) conditioning.extra_channels = mask_channels(model, edited);
  const std::unique_ptr<NoiseSource> noise = latent_noise(resolved);
  const Shape shape = latent_shape(model, resolved);
  const Tensor drawn = initial_noise(model, resolved, *noise);
  const KnownPart known(encode_canvas(model, edited.canvas()), drawn, edited.cell_changes());
  const KnownPart content(content_latents(model, resolved.parameters, edited, *noise, shape), drawn,
                          edited.cell_changes());

  clock.report(GenerationPhase::denoising, begin);
  const StepCallback report = step_reports(model, callbacks, clock);
  const auto keep_known = [&](StepInfo& info) {
    const double done = static_cast<double>(info.index + 1 - begin) / (info.num_steps - begin);
    info.x = known.put_into(info.x, info.level, done);
    report(info);
  };
  const Tensor latents = denoise(model.unet, conditioning, plan, content.at(plan.start_level()), *noise, keep_known);

  MadePictures made{.parameters = resolved.parameters,
                    .pictures = decode_pictures(model, latents, resolved.parameters.vae_band_rows, clock)};
  for (Picture& generated : made.pictures) generated = edited.composited(generated, resolved.parameters.mask_blur);
  return made;
}

}  // namespace easel
