#include <cmath>
#include <limits>

#include "diffusion/plans/plan_builders.h"

namespace easel {
namespace {

// The number of timesteps whose lambda is at least lambda_min_clipped: cosine schedules begin where sigma explodes.
int unclipped_timesteps(const ConfigReader& config, const NoiseSchedule& schedule) {
  const double lambda_min = config.number("lambda_min_clipped", -std::numeric_limits<double>::infinity());
  int count = schedule.num_train_timesteps();
  while (count > 1 && -std::log(schedule.sigma(count - 1)) < lambda_min) --count;
  return count;
}

SamplingPlan preserving_plan(const PlanRequest& request, const char* sampler) {
  SamplingPlan plan = start_plan(request, sampler, ZeroTerminalSnr::approximate);
  const ConfigReader& config = request.config;
  read_thresholding(config, false, plan.denoiser);
  plan.options.order = static_cast<int>(config.integer("solver_order", 2, 1, 3));
  plan.options.lower_order_final = config.boolean("lower_order_final", true);

  SpacingOptions spacing = read_spacing(request, plan.schedule, "linspace");
  spacing.num_timesteps = unclipped_timesteps(config, plan.schedule);
  spacing.exclude_last = spacing.spacing != TimestepSpacing::trailing;
  std::vector<double> timesteps = spaced_timesteps(spacing);
  round_timesteps(timesteps);
  std::vector<TimestepAndSigma> points;
  for (double t : timesteps) points.push_back({t, plan.schedule.sigma(static_cast<int>(t))});
  apply_sigma_schedule(request, plan.schedule, {plan.schedule.sigma_min(), plan.schedule.sigma_max()}, points);
  std::vector<NoiseLevel> levels;
  for (const auto& [t, sigma] : points) {
    const double timestep = std::rint(t);
    const bool rounded = request.options.level_rounding == LevelRounding::to_timestep;
    const double level_sigma = rounded ? plan.schedule.sigma(static_cast<int>(timestep)) : sigma;
    levels.push_back({1.0 / std::hypot(1.0, level_sigma), level_sigma / std::hypot(1.0, level_sigma), timestep});
  }
  const double last = final_sigma(config, plan.schedule, "sigma_min");
  levels.push_back({1.0 / std::hypot(1.0, last), last / std::hypot(1.0, last), 0.0});
  plan.steps = consecutive_steps(levels);
  return plan;
}

SamplingPlan dpm_solver_plan(const PlanRequest& request, const char* sampler) {
  SamplingPlan plan = preserving_plan(request, sampler);
  const std::string algorithm = request.config.text("algorithm_type", "dpmsolver++");
  const bool stochastic = algorithm.starts_with("sde-");
  const std::string deterministic = stochastic ? algorithm.substr(4) : algorithm;
  if (deterministic != "dpmsolver" && deterministic != "dpmsolver++")
    request.config.wrong("algorithm_type", "dpmsolver, dpmsolver++, sde-dpmsolver or sde-dpmsolver++");
  plan.options.solved_for = deterministic == "dpmsolver" ? SolvedFor::eps : SolvedFor::denoised;
  plan.options.eta = stochastic ? 1.0 : 0.0;
  plan.options.solver_type =
      request.config.text("solver_type", "midpoint") == "heun" ? SolverType::heun : SolverType::midpoint;
  plan.options.euler_at_final = request.config.boolean("euler_at_final", false);
  plan.options.unused_noise = UnusedNoise::draw;
  return plan;
}

}  // namespace

SamplingPlan dpm_solver_multistep_plan(const PlanRequest& request) { return dpm_solver_plan(request, "dpmpp_2m"); }
SamplingPlan dpm_solver_singlestep_plan(const PlanRequest& request) { return dpm_solver_plan(request, "dpmpp_2s"); }
SamplingPlan deis_plan(const PlanRequest& request) { return preserving_plan(request, "deis"); }

SamplingPlan unipc_plan(const PlanRequest& request) {
  SamplingPlan plan = preserving_plan(request, "uni_pc");
  const ConfigReader& config = request.config;
  plan.options.solver_type = config.text("solver_type", "bh2") == "bh1" ? SolverType::bh1 : SolverType::bh2;
  plan.options.solved_for = config.boolean("predict_x0", true) ? SolvedFor::denoised : SolvedFor::eps;
  const std::vector<int64_t> uncorrected = config.integers("disable_corrector");
  plan.options.disable_corrector.assign(uncorrected.begin(), uncorrected.end());
  return plan;
}

}  // namespace easel
