#include "pipelines/second_pass.h"

#include <algorithm>
#include <cmath>

#include "diffusion/noise_schedule.h"
#include "easel/error.h"
#include "easel/upscaler.h"
#include "files/message_text.h"
#include "ops/ops.h"
#include "pictures/picture_tensor.h"
#include "pictures/resampling.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/editing/known_part.h"

namespace easel {
namespace {

constexpr int64_t kMostSteps = 1000;     // of a model's own schedule
constexpr double kMostStrength = 0.999;  // of 1 no step would remain that the picture shapes

// Filters and "latent" in small letters: the webui writes them large.
std::string upscaler_name(const GenerationParameters& parameters) {
  std::string name = parameters.hires_upscaler;
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name == "latent" || name == "lanczos" || name == "bicubic" ? name : parameters.hires_upscaler;
}

int64_t steps_of(const GenerationParameters& parameters) {
  return parameters.hires_steps > 0 ? parameters.hires_steps : parameters.num_inference_steps;
}

Tensor enlarged(const DiffusionModel& model, const GenerationRequest& first, const GenerationRequest& second,
                const Tensor& latents, ProgressClock& clock) {
  const Shape to = latent_shape(model, second);
  const std::string name = upscaler_name(first.parameters);
  if (name == "latent") return resampled(latents, to[1], to[2], ResamplingFilter::linear);
  const Upscaler upscaler = Upscaler::load(name);
  std::vector<Tensor> rows;
  for (const Picture& picture : decode_pictures(model, latents, first.parameters.vae_band_rows, clock)) {
    const Picture large = upscaler.upscale(picture, first.parameters.hires_scale);
    rows.push_back(encode_canvas(
        model, image_from_picture(resampled(large, static_cast<int>(second.parameters.width),
                                            static_cast<int>(second.parameters.height), ResamplingFilter::lanczos))));
  }
  return concat(rows, 0);
}

GenerationRequest of_larger_size(const DiffusionModel& model, const GenerationRequest& first) {
  GenerationRequest second = first;
  GenerationParameters& parameters = second.parameters;
  const int64_t factor = model.vae.config().downsampling();
  const auto larger = [&](int64_t size_px) {
    return static_cast<int64_t>(static_cast<double>(size_px) * parameters.hires_scale) / factor * factor;
  };
  parameters.width = larger(parameters.width);
  parameters.height = larger(parameters.height);
  return second;
}

// With as many steps that those taken are the strength's share. REQUIRES: a strength above 0.
GenerationRequest second_request(const DiffusionModel& model, const GenerationRequest& first) {
  GenerationRequest second = of_larger_size(model, first);
  second.parameters.num_inference_steps = static_cast<int64_t>(static_cast<double>(steps_of(first.parameters)) /
                                                               std::min(first.parameters.strength, kMostStrength));
  return second;
}

struct SecondPlan {
  GenerationRequest request;
  int begin;
  SamplingPlan plan;
};

SecondPlan second_plan(const DiffusionModel& model, const GenerationRequest& first) {
  GenerationRequest request = second_request(model, first);
  if (request.parameters.num_inference_steps >= kMostSteps)
    throw Error(ErrorCode::InvalidArgument, "[generate] strength = " + format_number(first.parameters.strength) +
                                                " with " + std::to_string(steps_of(first.parameters)) +
                                                " steps of the second pass takes a schedule of " +
                                                std::to_string(request.parameters.num_inference_steps) +
                                                " steps; must be below 1000: raise the strength or lower hires_steps");
  const auto begin = static_cast<int>(request.parameters.num_inference_steps - steps_of(first.parameters));
  SamplingPlan plan = plan_for(model, request.parameters, {.begin = begin});
  return {.request = std::move(request), .begin = begin, .plan = std::move(plan)};
}

}  // namespace

int64_t check_second_pass(const DiffusionModel& model, const GenerationRequest& first,
                          const GenerationCallbacks& callbacks) {
  if (const std::string name = upscaler_name(first.parameters); name != "latent") Upscaler::load(name);
  if (first.parameters.strength == 0) return 0;
  const SecondPlan second = second_plan(model, first);
  check_run(model, second.request, second.plan, callbacks);
  return static_cast<int64_t>(second.plan.steps.size()) - second.begin;
}

std::vector<Picture> second_pass(const DiffusionModel& model, const GenerationRequest& first, const Tensor& latents,
                                 const GenerationCallbacks& callbacks, ProgressClock& clock, int64_t steps_before) {
  if (first.parameters.strength == 0) {
    const Tensor large = enlarged(model, first, of_larger_size(model, first), latents, clock);
    return decode_pictures(model, large, first.parameters.vae_band_rows, clock);
  }
  const auto [request, begin, plan] = second_plan(model, first);
  const auto steps = static_cast<int>(steps_of(first.parameters));
  const Conditioning conditioning = encode_conditioning(
      model, request, {.begin = begin, .num_steps = steps, .steps_before = static_cast<int>(steps_before)});
  const std::unique_ptr<NoiseSource> noise = latent_noise(request);
  const Tensor known = enlarged(model, first, request, latents, clock);
  const Tensor start = add_noise(known, initial_noise(model, request, *noise), plan.start_level());
  const Tensor denoised = denoise(model.unet, conditioning, plan, start, *noise,
                                  step_reports(model, callbacks, clock, steps_before - begin));
  return decode_pictures(model, denoised, request.parameters.vae_band_rows, clock);
}

}  // namespace easel
