// sampling_plan.h — everything a run needs but the network and the noise; and the run.
//
// A plan comes from a diffusers scheduler configuration, or from a sampler and a schedule chosen by name. Its fields
// may be changed before use (eta, churn, …).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "diffusion/denoiser.h"
#include "diffusion/sampler.h"
#include "diffusion/sigma_schedule.h"

namespace easel {

struct SamplingPlan {
  std::string sampler_name;
  Sampler sampler = nullptr;
  SamplerOptions options;
  DenoiserOptions denoiser;
  NoiseSchedule schedule;
  std::vector<SamplerStep> steps;
  int begin = 0;                  // first step to take: image-to-image starts in the middle
  double init_noise_sigma = 1.0;  // standard normal noise times this is x at the first step

  // Where x must stand when the run begins: add_noise(x0, noise, start_level()) for image-to-image.
  const NoiseLevel& start_level() const { return steps[static_cast<size_t>(begin)].at; }
};

// Whether sigmas that fall between timesteps are kept, or moved to the rounded timestep's (diffusers before 0.17).
enum class LevelRounding { keep, to_timestep };

struct PlanOptions {
  int begin = 0;  // 0..num_inference_steps - 1
  LevelRounding level_rounding = LevelRounding::keep;
  SigmaScheduleOptions sigmas{};  // range and rho of a schedule chosen by name
};

// The plan of a diffusers scheduler_config.json, from its _class_name (see scheduler_config.cpp for the classes) and
// constructor arguments; absent ones have diffusers' defaults. Throws CorruptFile for bad values and Unsupported for
// another class, each naming the key; InvalidArgument where num_inference_steps or `begin` does not suit them.
SamplingPlan make_sampling_plan(const nlohmann::json& scheduler_config, int num_inference_steps,
                                const PlanOptions& options = {});

// The user's choice. `sampler` may carry its schedule ("DPM++ 2M Karras"); `schedule` empty or "automatic" means the
// sampler's default. From scheduler_config come the noise schedule and prediction_type (null: Stable Diffusion's), and
// for samplers without a default schedule of their own (ddim, pndm, …) the spacing too. Throws InvalidArgument with the
// list of names for unknown ones.
SamplingPlan make_sampling_plan(std::string_view sampler, std::string_view schedule, int num_inference_steps,
                                const nlohmann::json& scheduler_config, const PlanOptions& options = {});

// The plan walked backwards, from a clean sample to the noise that it makes it from: DDIM inversion. Throws
// InvalidArgument for samplers that cannot be: of higher order, or with noise of their own.
SamplingPlan inverted_plan(SamplingPlan plan);

// Runs the plan where x lies: x at plan.start_level() -> the clean sample. x: any shape, f32, on any device; noise is
// drawn on the host in that shape (wrap the source in ChannelsLastNoise for NHWC latents) and moved there. The
// callback, if any, is called after each step.
Tensor sample(const SamplingPlan& plan, const PredictFunction& network, Tensor x, NoiseSource& noise,
              const StepCallback& callback = {});

}  // namespace easel
