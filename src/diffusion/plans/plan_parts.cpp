#include <cmath>

#include "diffusion/beta_distribution.h"
#include "diffusion/plans/plan_builders.h"
#include "diffusion/sampler_registry.h"
#include "easel/error.h"

namespace easel {

void fail_request(const std::string& message) { throw Error(ErrorCode::InvalidArgument, "[scheduler] " + message); }

SpacingOptions read_spacing(const PlanRequest& request, const NoiseSchedule& schedule,
                            const char* default_spacing) try {
  SpacingOptions spacing;
  spacing.spacing = parse_timestep_spacing(request.config.text("timestep_spacing", default_spacing));
  spacing.num_steps = request.num_inference_steps;
  spacing.num_train_timesteps = spacing.num_timesteps = schedule.num_train_timesteps();
  spacing.steps_offset = static_cast<int>(request.config.integer("steps_offset", 0));
  return spacing;
} catch (const Error& error) {
  throw as_file_error(error);
}

void read_thresholding(const ConfigReader& config, bool clip_by_default, DenoiserOptions& denoiser) {
  denoiser.clip_sample_range = config.number("clip_sample_range", 1.0);
  denoiser.dynamic_thresholding_ratio = config.number("dynamic_thresholding_ratio", 0.995);
  if (!(denoiser.dynamic_thresholding_ratio >= 0.0 && denoiser.dynamic_thresholding_ratio <= 1.0))
    config.wrong("dynamic_thresholding_ratio", "0..1");
  denoiser.sample_max_value = config.number("sample_max_value", 1.0);
  if (config.boolean("clip_sample", clip_by_default)) denoiser.thresholding = Thresholding::clip;
  if (config.boolean("thresholding", false)) denoiser.thresholding = Thresholding::dynamic;
}

SamplingPlan start_plan(const PlanRequest& request, const char* sampler, ZeroTerminalSnr zero_terminal_snr) {
  const SamplerInfo& info = find_sampler(sampler);
  SamplingPlan plan;
  plan.sampler_name = info.name;
  plan.sampler = info.sampler;
  plan.options = info.defaults;
  plan.schedule = read_noise_schedule(request.config.json(), zero_terminal_snr);
  plan.denoiser.prediction_type = read_prediction_type(request.config.json());
  plan.begin = request.options.begin;
  return plan;
}

void apply_sigma_schedule(const PlanRequest& request, const NoiseSchedule& schedule, const SigmaScheduleOptions& range,
                          std::vector<TimestepAndSigma>& points) {
  if (!(range.sigma_min > 0.0 && range.sigma_min <= range.sigma_max && std::isfinite(range.sigma_max)))
    request.config.wrong(request.config.is_set("sigma_min") ? "sigma_min" : "sigma_max",
                         "so that 0 < sigma_min = " + std::to_string(range.sigma_min) +
                             " <= sigma_max = " + std::to_string(range.sigma_max));
  const int n = static_cast<int>(points.size());
  std::vector<double> sigmas;
  if (request.config.boolean("use_karras_sigmas", false)) {
    sigmas = karras_sigmas(n, range.sigma_min, range.sigma_max);
  } else if (request.config.boolean("use_exponential_sigmas", false) ||
             request.config.boolean("use_lu_lambdas", false)) {
    // Lu et al.'s lambdas are equal steps of -log sigma.
    sigmas = exponential_sigmas(n, range.sigma_min, range.sigma_max);
  } else if (request.config.boolean("use_beta_sigmas", false)) {
    for (int i = 0; i < n; ++i) {  // Lee et al. 2024, arXiv:2407.12173, with sigma in place of the timestep
      const double quantile = beta_quantile(n > 1 ? 1.0 - static_cast<double>(i) / (n - 1) : 1.0, 0.6, 0.6);
      sigmas.push_back(std::lerp(range.sigma_min, range.sigma_max, quantile));
    }
  }
  for (size_t i = 0; i < sigmas.size(); ++i) points[i] = {schedule.timestep_at(sigmas[i]), sigmas[i]};
}

double final_sigma(const ConfigReader& config, const NoiseSchedule& schedule, const char* family_default) {
  const std::string type = config.text("final_sigmas_type", family_default);
  if (type != "zero" && type != "sigma_min") config.wrong("final_sigmas_type", "zero or sigma_min");
  return type == "zero" ? 0.0 : schedule.sigma_min();
}

}  // namespace easel
