// plan_builders.h — the builders behind make_sampling_plan(scheduler_config): one per family of diffusers' schedulers.
#pragma once

#include <string>

#include "checkpoints/config_reader.h"
#include "diffusion/sampling_plan.h"
#include "diffusion/scheduler_config.h"

namespace easel {

// What a builder starts from.
struct PlanRequest {
  const ConfigReader& config;
  int num_inference_steps;
  const PlanOptions& options;
};

// strided_plans.cpp: x = alpha x0 + sigma eps at whole timesteps of the table.
SamplingPlan ddim_plan(const PlanRequest& request);
SamplingPlan ddpm_plan(const PlanRequest& request);
SamplingPlan pndm_plan(const PlanRequest& request);
SamplingPlan lcm_plan(const PlanRequest& request);
SamplingPlan tcd_plan(const PlanRequest& request);

// exploding_plans.cpp: x = x0 + sigma eps at sigmas between the table's entries.
SamplingPlan euler_plan(const PlanRequest& request);
SamplingPlan euler_ancestral_plan(const PlanRequest& request);
SamplingPlan heun_plan(const PlanRequest& request);
SamplingPlan dpm_2_plan(const PlanRequest& request);
SamplingPlan dpm_2_ancestral_plan(const PlanRequest& request);
SamplingPlan lms_plan(const PlanRequest& request);

// preserving_plans.cpp: alpha^2 + sigma^2 = 1 at sigmas of whole timesteps or between them.
SamplingPlan dpm_solver_multistep_plan(const PlanRequest& request);
SamplingPlan dpm_solver_singlestep_plan(const PlanRequest& request);
SamplingPlan deis_plan(const PlanRequest& request);
SamplingPlan unipc_plan(const PlanRequest& request);

// --- plan_parts.cpp: what they share ---

// What the caller asks does not suit the scheduler: InvalidArgument "[scheduler] …".
[[noreturn]] void fail_request(const std::string& message);

// A plan with the sampler's defaults, the noise schedule and the prediction type; no steps yet.
SamplingPlan start_plan(const PlanRequest& request, const char* sampler, ZeroTerminalSnr zero_terminal_snr);
SpacingOptions read_spacing(const PlanRequest& request, const NoiseSchedule& schedule, const char* default_spacing);
void read_thresholding(const ConfigReader& config, bool clip_by_default, DenoiserOptions& denoiser);

struct TimestepAndSigma {
  double timestep, sigma;
};
// Replaces spaced sigmas by those of a schedule over the given range, where the configuration asks for one.
void apply_sigma_schedule(const PlanRequest& request, const NoiseSchedule& schedule, const SigmaScheduleOptions& range,
                          std::vector<TimestepAndSigma>& points);
// The sigma that the run ends at: final_sigmas_type, or without it (diffusers before 0.26) the family's own.
double final_sigma(const ConfigReader& config, const NoiseSchedule& schedule, const char* family_default);

}  // namespace easel
