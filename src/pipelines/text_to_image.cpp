#include "pipelines/text_to_image.h"

#include <random>

#include "diffusion/sampler_registry.h"
#include "diffusion/sampling_plan.h"
#include "easel/error.h"
#include "files/message_text.h"
#include "pictures/picture_tensor.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/latent_picture.h"
#include "pipelines/progress_clock.h"

namespace easel {
namespace {

[[noreturn]] void fail(ErrorCode code, const std::string& what) { throw Error(code, "[generate] " + what); }

// Some inputs of a network come from a picture or a label: such a model cannot work from words alone.
void require_text_to_image_model(const DiffusionModel& model) {
  const UNetConfig& unet = model.unet.config();
  const int64_t latent_channels = model.vae.config().latent_channels;
  if (unet.in_channels != latent_channels)
    fail(ErrorCode::Unsupported, model.name + " has " + std::to_string(unet.in_channels) +
                                     " input channels instead of " + std::to_string(latent_channels) +
                                     ": it needs a picture besides the prompt");
  if (unet.class_embedding != ClassEmbedding::none)
    fail(ErrorCode::Unsupported, model.name + " is conditioned on class labels besides the prompt");
}

// Throws naming the nearest sizes that fit.
void require_size_fits(const char* name, int64_t size_px, int64_t multiple) {
  if (size_px % multiple == 0) return;
  const int64_t below = size_px / multiple * multiple;
  fail(ErrorCode::InvalidArgument, std::string(name) + " = " + std::to_string(size_px) + "; must be a multiple of " +
                                       std::to_string(multiple) + ", the nearest are " +
                                       (below > 0 ? std::to_string(below) + " and " : "") +
                                       std::to_string(below + multiple));
}

int64_t random_seed() {
  std::random_device device;
  return static_cast<int64_t>(device() & 0x7fffffffu);  // ten digits at most: easy to type again
}

// Every 0 or -1 that stands for a choice of the model's or of chance, replaced by the choice.
GenerationParameters resolved(const DiffusionModel& model, GenerationParameters parameters) {
  check_parameters(parameters);
  if (parameters.width == 0) parameters.width = model.native_size_px();
  if (parameters.height == 0) parameters.height = model.native_size_px();
  const int64_t factor = model.vae.config().downsampling();
  require_size_fits("width", parameters.width, factor);
  require_size_fits("height", parameters.height, factor);
  if (parameters.seed < 0) parameters.seed = random_seed();
  if (parameters.guidance_scale < 0) parameters.guidance_scale = model.guidance_scale;
  return parameters;
}

// A row for each prompt.
PromptPair encode_each(const DiffusionModel& model, std::span<const std::string> prompts,
                       const std::string& negative_prompt, const PromptOptions& options) {
  std::vector<PromptPair> pairs;
  for (const std::string& prompt : prompts)
    pairs.push_back(encode_prompts(model.towers, prompt, negative_prompt, options));
  const auto joined = [&](PromptEmbeddings PromptPair::*side, Tensor PromptEmbeddings::*part) {
    std::vector<Tensor> rows;
    for (const PromptPair& pair : pairs) {
      rows.push_back(pair.*side.*part);
      if (rows.back().defined() && rows.back().shape() != rows.front().shape())
        fail(ErrorCode::InvalidArgument, "prompts of one batch must need equally many chunks of tokens");
    }
    return rows.front().defined() ? concat(rows, 0) : Tensor();
  };
  const auto side = [&](PromptEmbeddings PromptPair::*which) {
    return PromptEmbeddings{.encoder_hidden_states = joined(which, &PromptEmbeddings::encoder_hidden_states),
                            .text_embeds = joined(which, &PromptEmbeddings::text_embeds)};
  };
  return {.prompt = side(&PromptPair::prompt), .negative = side(&PromptPair::negative)};
}

Conditioning encode_conditioning(const DiffusionModel& model, std::span<const std::string> prompts,
                                 const GenerationParameters& parameters) {
  const bool xl = model.unet.config().text_time_embedding;
  const auto height = static_cast<float>(parameters.height), width = static_cast<float>(parameters.width);
  return {.prompts = encode_each(model, prompts, parameters.negative_prompt,
                                 {.weighting = parameters.prompt_weighting == "webui",
                                  .clip_skip = parameters.clip_skip,
                                  .penultimate_unnormed = xl,
                                  .zero_empty_negative = model.zero_empty_negative}),
          .guidance_scale = parameters.guidance_scale,
          .guidance_rescale = parameters.guidance_rescale,
          .time_ids = xl ? std::vector<float>{height, width, 0, 0, height, width} : std::vector<float>{}};
}

SamplingPlan plan_for(const GenerationParameters& parameters, const nlohmann::json& scheduler_config) {
  const int steps = static_cast<int>(parameters.num_inference_steps);
  const bool own = parameters.sampler == "default";
  if (own && parameters.schedule != "automatic")
    fail(ErrorCode::InvalidArgument, "schedule = " + parameters.schedule + " needs a sampler, by name");
  SamplingPlan plan = own ? make_sampling_plan(scheduler_config, steps)
                          : make_sampling_plan(parameters.sampler, parameters.schedule, steps, scheduler_config);
  if (parameters.eta < 0) return plan;
  if (!takes_eta(plan.sampler))
    fail(ErrorCode::InvalidArgument, "eta = " + format_number(parameters.eta) + "; sampler " + plan.sampler_name +
                                         " has no share of noise to set, leave it at -1");
  plan.options.eta = parameters.eta;
  return plan;
}

std::unique_ptr<NoiseSource> noise_for(const GenerationParameters& parameters) {
  std::vector<uint64_t> seeds;
  for (int64_t i = 0; i < parameters.num_images; ++i) seeds.push_back(static_cast<uint64_t>(parameters.seed + i));
  return make_latent_noise(parse_noise_kind(parameters.rng), seeds);
}

// prompts: one for every picture, or one for all num_images.
MadePictures make_pictures(const DiffusionModel& model, std::span<const std::string> prompts,
                           const GenerationParameters& requested, const GenerationCallbacks& callbacks) {
  require_text_to_image_model(model);
  MadePictures made{.parameters = resolved(model, requested), .pictures = {}};
  const GenerationParameters& parameters = made.parameters;
  const SamplingPlan plan = plan_for(parameters, model.scheduler_config);
  const auto num_steps = static_cast<int64_t>(plan.steps.size());  // PNDM takes one more than was asked for
  ProgressClock clock(callbacks, num_steps);

  clock.report(GenerationPhase::encoding_prompt, 0);
  const Conditioning conditioning = encode_conditioning(model, prompts, parameters);

  const AutoencoderConfig& vae = model.vae.config();
  const std::unique_ptr<NoiseSource> noise = noise_for(parameters);
  Tensor latents = noise->draw({parameters.num_images, parameters.height / vae.downsampling(),
                                parameters.width / vae.downsampling(), vae.latent_channels});
  latents = weighted_sum({{plan.init_noise_sigma, latents}});

  clock.report(GenerationPhase::denoising, 0);
  latents = denoise(model.unet, conditioning, plan, latents, *noise, [&](StepInfo& info) {
    const int64_t step = info.index + 1;
    const bool preview = callbacks.preview_every > 0 && step % callbacks.preview_every == 0 && step < info.num_steps;
    clock.report(GenerationPhase::denoising, step,
                 preview ? preview_pictures(model.vae, info.denoised, model.backend) : std::vector<Picture>{});
  });

  for (int64_t i = 0; i < parameters.num_images; ++i) {
    clock.report(GenerationPhase::decoding, num_steps);
    const Tensor image =
        to_host(model.vae.decode(to_backend(latents.rows(i, i + 1), model.backend), parameters.vae_band_rows));
    made.pictures.push_back(pictures_from_image(image).front());
  }
  return made;
}

}  // namespace

MadePictures text_to_image(const DiffusionModel& model, const GenerationParameters& requested,
                           const GenerationCallbacks& callbacks) {
  return make_pictures(model, {&requested.prompt, 1}, requested, callbacks);
}

MadePictures pictures_of_prompts(const DiffusionModel& model, std::span<const std::string> prompts,
                                 const GenerationParameters& requested, const GenerationCallbacks& callbacks) {
  if (prompts.empty()) return {.parameters = requested, .pictures = {}};
  GenerationParameters parameters = requested;
  parameters.num_images = static_cast<int64_t>(prompts.size());
  return make_pictures(model, prompts, parameters, callbacks);
}

}  // namespace easel
