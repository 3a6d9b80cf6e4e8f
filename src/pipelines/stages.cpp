#include "pipelines/stages.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "diffusion/sampler_registry.h"
#include "easel/error.h"
#include "files/message_text.h"
#include "ops/ops.h"
#include "pictures/picture_tensor.h"
#include "pipelines/conditioning.h"
#include "pipelines/editing/morph.h"
#include "pipelines/first_noise.h"
#include "pipelines/latent_picture.h"
#include "pipelines/run_estimate.h"
#include "tensor/available_memory.h"

namespace easel {
namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[generate] " + what); }

// Throws naming the nearest sizes that fit.
void require_size_fits(const char* name, int64_t size_px, int64_t multiple) {
  if (size_px % multiple == 0) return;
  const int64_t below = size_px / multiple * multiple;
  fail(std::string(name) + " = " + std::to_string(size_px) + "; must be a multiple of " + std::to_string(multiple) +
       ", the nearest are " + (below > 0 ? std::to_string(below) + " and " : "") + std::to_string(below + multiple));
}

}  // namespace

int64_t random_seed() {
  std::random_device device;
  return static_cast<int64_t>(device() & 0x7fffffffu);  // ten digits at most: easy to type again
}

GenerationRequest resolved_request(const DiffusionModel& model, GenerationRequest request) {
  GenerationParameters& parameters = request.parameters;
  parameters.num_images = request.num_images();
  check_parameters(parameters);
  if (parameters.width == 0) parameters.width = model.native_size_px();
  if (parameters.height == 0) parameters.height = model.native_size_px();
  const int64_t factor = model.vae.config().downsampling();
  require_size_fits("width", parameters.width, factor);
  require_size_fits("height", parameters.height, factor);
  if (parameters.vae_band_rows > 0 && (parameters.tile == "y" || parameters.tile == "both"))
    fail("vae_band_rows = " + std::to_string(parameters.vae_band_rows) + " with tile = " + parameters.tile +
         "; bands cannot meet at the upper and lower border, leave it at 0");
  if (parameters.seed < 0) parameters.seed = random_seed();
  if (parameters.variation_seed < 0 && parameters.variation_strength > 0) parameters.variation_seed = random_seed();
  if (parameters.guidance_scale < 0) parameters.guidance_scale = model.guidance_scale;
  return request;
}

GenerationParameters parameters_of_picture(const GenerationParameters& parameters, int64_t picture) {
  GenerationParameters own = parameters;
  own.num_images = 1;
  if (parse_task(parameters.task) == Task::morph) {
    own.position = frame_position(parameters, picture);
    own.frames = 1;
    return own;
  }
  own.seed = seed_of_picture(parameters, picture);
  own.variation_seed = variation_seed_of_picture(parameters, picture);
  return own;
}

MadePictures recorded_as(GenerationParameters asked, MadePictures made) {
  asked.seed = made.parameters.seed;
  asked.variation_seed = made.parameters.variation_seed;
  asked.guidance_scale = made.parameters.guidance_scale;
  asked.num_images = made.parameters.num_images;
  made.parameters = std::move(asked);
  return made;
}

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

int first_step(const GenerationParameters& parameters) {
  const auto steps = static_cast<double>(parameters.num_inference_steps);
  return static_cast<int>(steps - std::floor(parameters.strength * steps));
}

Tensor encode_canvas(const DiffusionModel& model, const Tensor& canvas) {
  const Tensor mean = to_host(model.vae.encode(to_backend(canvas, model.backend)).mean);
  return weighted_sum({{model.vae.config().scaling_factor, mean}});
}

SamplingPlan plan_for(const DiffusionModel& model, const GenerationParameters& parameters, const PlanOptions& options) {
  const int steps = static_cast<int>(parameters.num_inference_steps);
  const bool own = parameters.sampler == "default";
  if (own && parameters.schedule != "automatic")
    fail("schedule = " + parameters.schedule + " needs a sampler, by name");
  SamplingPlan plan =
      own ? make_sampling_plan(model.scheduler_config, steps, options)
          : make_sampling_plan(parameters.sampler, parameters.schedule, steps, model.scheduler_config, options);
  if (parameters.eta < 0) return plan;
  if (!takes_eta(plan.sampler))
    fail("eta = " + format_number(parameters.eta) + "; sampler " + plan.sampler_name +
         " has no share of noise to set, leave it at -1");
  plan.options.eta = parameters.eta;
  return plan;
}

void check_run(const DiffusionModel& model, const GenerationRequest& request, const SamplingPlan& plan,
               const GenerationCallbacks& callbacks) {
  if (model.backend != BackendKind::cpu) return;
  const Shape latents = latent_shape(model, request);
  const int64_t calls_per_step = std::max(1, find_sampler(plan.sampler_name).calls_per_step);
  const RunSize size{.samples = num_branches(request) * latents[0],
                     .height = latents[1],
                     .width = latents[2],
                     .pictures = latents[0],
                     .network_calls = calls_per_step * static_cast<int64_t>(plan.steps.size()),
                     .band_rows = request.parameters.vae_band_rows};
  require_memory(model, size, available_memory_bytes());
  const std::string notice = callbacks.on_message ? long_run_notice(estimate_run(model, size)) : "";
  if (!notice.empty()) callbacks.on_message(notice);
}

std::unique_ptr<NoiseSource> latent_noise(const GenerationRequest& request) {
  std::vector<uint64_t> seeds;
  for (int64_t i = 0; i < request.num_images(); ++i)
    seeds.push_back(static_cast<uint64_t>(seed_of_picture(request.parameters, i)));
  return make_latent_noise(parse_noise_kind(request.parameters.rng), seeds);
}

Shape latent_shape(const DiffusionModel& model, const GenerationRequest& request) {
  const AutoencoderConfig& vae = model.vae.config();
  return {request.num_images(), request.parameters.height / vae.downsampling(),
          request.parameters.width / vae.downsampling(), vae.latent_channels};
}

Tensor initial_noise(const DiffusionModel& model, const GenerationRequest& request, NoiseSource& noise) {
  return first_noise(request, noise, latent_shape(model, request), model.vae.config().downsampling());
}

StepCallback step_reports(const DiffusionModel& model, const GenerationCallbacks& callbacks, ProgressClock& clock,
                          int64_t steps_before) {
  return [&model, &callbacks, &clock, steps_before](StepInfo& info) {
    const int64_t step = info.index + 1 + steps_before;
    const bool preview =
        callbacks.preview_every > 0 && step % callbacks.preview_every == 0 && info.index + 1 < info.num_steps;
    clock.report(GenerationPhase::denoising, step,
                 preview ? preview_pictures(model.vae, info.denoised, model.backend) : std::vector<Picture>{});
  };
}

std::vector<Picture> decode_pictures(const DiffusionModel& model, const Tensor& latents, int64_t band_rows,
                                     ProgressClock& clock) {
  std::vector<Picture> pictures;
  for (int64_t i = 0; i < latents.dim(0); ++i) {
    clock.report(GenerationPhase::decoding, clock.num_steps());
    const Tensor image = to_host(model.vae.decode(to_backend(latents.rows(i, i + 1), model.backend), band_rows));
    pictures.push_back(pictures_from_image(image).front());
  }
  return pictures;
}

}  // namespace easel
