#include <cmath>
#include <string_view>

#include "diffusion/plans/plan_builders.h"

namespace easel {
namespace {

SamplingPlan exploding_plan(const PlanRequest& request, const char* sampler) {
  SamplingPlan plan = start_plan(request, sampler, ZeroTerminalSnr::approximate);
  read_thresholding(request.config, false, plan.denoiser);
  const ConfigReader& config = request.config;
  if (config.text("timestep_type", "discrete") != "discrete") config.wrong("timestep_type", "\"discrete\"");
  const SpacingOptions spacing = read_spacing(request, plan.schedule, "linspace");
  std::vector<TimestepAndSigma> points;
  for (double t : spaced_timesteps(spacing)) points.push_back({t, plan.schedule.linear_sigma_at(t)});
  double last_sigma = final_sigma(config, plan.schedule, "zero");
  if (config.text("interpolation_type", "linear") == "log_linear") {
    // n + 1 sigmas of which the last is the goal: such runs end at sigma_min.
    const auto sigmas = exponential_sigmas(spacing.num_steps + 1, plan.schedule.sigma_min(), plan.schedule.sigma_max());
    for (size_t i = 0; i < points.size(); ++i) points[i].sigma = sigmas[i];
    last_sigma = sigmas.back();
  }
  SigmaScheduleOptions range;
  range.sigma_min = config.number("sigma_min", points.back().sigma);
  range.sigma_max = config.number("sigma_max", points.front().sigma);
  apply_sigma_schedule(request, plan.schedule, range, points);
  const bool whole_timesteps =
      std::string_view(sampler).starts_with("dpm_2") && config.boolean("use_karras_sigmas", false);
  std::vector<NoiseLevel> levels;
  for (const auto& [t, sigma] : points) levels.push_back({1.0, sigma, whole_timesteps ? std::rint(t) : t});
  levels.push_back({1.0, last_sigma, 0.0});
  plan.steps = consecutive_steps(levels);
  plan.init_noise_sigma =
      spacing.spacing == TimestepSpacing::leading ? std::hypot(levels[0].sigma, 1.0) : levels[0].sigma;
  return plan;
}

SamplingPlan ancestral_plan(const PlanRequest& request, const char* sampler) {
  SamplingPlan plan = exploding_plan(request, sampler);
  plan.options.unused_noise = UnusedNoise::draw;
  return plan;
}

}  // namespace

SamplingPlan euler_plan(const PlanRequest& request) {
  SamplingPlan plan = exploding_plan(request, "euler");
  plan.options.unused_noise = UnusedNoise::draw;
  plan.options.churn_order = ChurnOrder::after_network;
  return plan;
}

SamplingPlan euler_ancestral_plan(const PlanRequest& request) { return ancestral_plan(request, "euler_ancestral"); }
SamplingPlan heun_plan(const PlanRequest& request) { return exploding_plan(request, "heun"); }
SamplingPlan dpm_2_plan(const PlanRequest& request) { return exploding_plan(request, "dpm_2"); }
SamplingPlan dpm_2_ancestral_plan(const PlanRequest& request) { return ancestral_plan(request, "dpm_2_ancestral"); }
SamplingPlan lms_plan(const PlanRequest& request) { return exploding_plan(request, "lms"); }

}  // namespace easel
