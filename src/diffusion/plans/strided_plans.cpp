#include <algorithm>

#include "diffusion/plans/plan_builders.h"

namespace easel {
namespace {

// Where the last step leads: DDIM's and PNDM's set_alpha_to_one.
NoiseLevel final_level(const ConfigReader& config, const NoiseSchedule& schedule, bool alpha_one_by_default) {
  return config.boolean("set_alpha_to_one", alpha_one_by_default) ? NoiseLevel{1.0, 0.0, 0.0} : schedule.level(0);
}

// The level `stride` timesteps on, or `last` beyond the table.
NoiseLevel level_after(const NoiseSchedule& schedule, int timestep, int stride, const NoiseLevel& last) {
  return timestep >= stride ? schedule.level(timestep - stride) : last;
}

// Steps lead num_train_timesteps / n down the table, whatever the spacing of the timesteps.
std::vector<SamplerStep> strided_steps(const PlanRequest& request, const NoiseSchedule& schedule,
                                       const NoiseLevel& last) {
  std::vector<double> timesteps = spaced_timesteps(read_spacing(request, schedule, "leading"));
  round_timesteps(timesteps);
  const int stride = schedule.num_train_timesteps() / request.num_inference_steps;
  std::vector<SamplerStep> steps;
  for (double t : timesteps) {
    const NoiseLevel level = schedule.level(static_cast<int>(t));
    steps.push_back({level, level, level_after(schedule, static_cast<int>(t), stride, last)});
  }
  return steps;
}

constexpr int kRungeKuttaCalls = 12;  // PNDM's start-up: three steps of four calls

// The timesteps of PNDM's network calls. With the Runge-Kutta start-up: three steps back from the first four timesteps,
// each half step asked twice. Without: the second timestep is asked twice, for a pseudo improved Euler step.
std::vector<int> pndm_calls(const std::vector<int>& timesteps, int stride, int last_timestep, bool runge_kutta) {
  std::vector<int> calls;
  if (!runge_kutta) {
    calls = timesteps;
    if (timesteps.size() > 1) calls.insert(calls.begin() + 1, timesteps[1]);
    return calls;
  }
  for (size_t group = 0; group < 3; ++group) {
    const int half = std::min(timesteps[group + 1] + stride / 2, last_timestep);
    calls.insert(calls.end(), {timesteps[group], half, half, timesteps[group + 1]});
  }
  calls.insert(calls.end(), timesteps.begin() + 3, timesteps.end());
  return calls;
}

// A distilled model is asked at a subset of the timesteps that it was trained for.
std::vector<SamplerStep> distilled_steps(const PlanRequest& request, const NoiseSchedule& schedule,
                                         const NoiseLevel& last) {
  const int original_steps =
      static_cast<int>(request.config.integer("original_inference_steps", 50, 1, kMaxConfigExtent));
  const int num_steps = request.num_inference_steps;
  if (original_steps > schedule.num_train_timesteps())
    request.config.wrong("original_inference_steps", "at most num_train_timesteps");
  if (num_steps > original_steps)
    fail_request("num_inference_steps = " + std::to_string(num_steps) + "; must be 1.." +
                 std::to_string(original_steps) + " (original_inference_steps)");
  const int stride = schedule.num_train_timesteps() / original_steps;
  std::vector<NoiseLevel> levels;
  for (int i = 0; i < num_steps; ++i)
    levels.push_back(schedule.level((original_steps - i * original_steps / num_steps) * stride - 1));
  levels.push_back(last);
  return consecutive_steps(levels);
}

}  // namespace

SamplingPlan ddim_plan(const PlanRequest& request) {
  SamplingPlan plan = start_plan(request, "ddim", ZeroTerminalSnr::exact);
  read_thresholding(request.config, true, plan.denoiser);
  plan.denoiser.eps_from_thresholded = false;
  plan.options.unused_noise = UnusedNoise::draw;
  plan.steps = strided_steps(request, plan.schedule, final_level(request.config, plan.schedule, true));
  return plan;
}

SamplingPlan ddpm_plan(const PlanRequest& request) {
  SamplingPlan plan = start_plan(request, "ddpm", ZeroTerminalSnr::exact);
  read_thresholding(request.config, true, plan.denoiser);
  const std::string variance = request.config.text("variance_type", "fixed_small");
  if (variance != "fixed_small" && variance != "fixed_small_log" && variance != "fixed_large")
    request.config.wrong("variance_type", "fixed_small, fixed_small_log or fixed_large");
  plan.options.variance = variance == "fixed_large" ? DdpmVariance::fixed_large : DdpmVariance::fixed_small;
  plan.steps = strided_steps(request, plan.schedule, {1.0, 0.0, 0.0});
  return plan;
}

// One step per network call. Reference behaviour kept: the rule goes by the number of the call since `begin`, so
// image-to-image from the third timestep on is one call short of a full pseudo improved Euler step.
SamplingPlan pndm_plan(const PlanRequest& request) {
  SamplingPlan plan = start_plan(request, "pndm", ZeroTerminalSnr::exact);
  const NoiseSchedule& schedule = plan.schedule;
  std::vector<double> spaced = spaced_timesteps(read_spacing(request, schedule, "leading"));
  round_timesteps(spaced);
  const std::vector<int> timesteps(spaced.begin(), spaced.end());
  const int stride = schedule.num_train_timesteps() / request.num_inference_steps;
  const NoiseLevel last = final_level(request.config, schedule, false);
  const bool runge_kutta = !request.config.boolean("skip_prk_steps", false);
  if (runge_kutta && (timesteps.size() < 4 || plan.begin > 0))
    fail_request("skip_prk_steps = false needs at least 4 steps, taken from the first on");

  if (runge_kutta) plan.options.runge_kutta_calls = kRungeKuttaCalls;
  std::vector<int> calls = pndm_calls(timesteps, stride, schedule.num_train_timesteps() - 1, runge_kutta);
  if (plan.begin < 0 || plan.begin >= static_cast<int>(calls.size())) return plan;  // the caller reports it
  calls.erase(calls.begin(), calls.begin() + plan.begin);
  plan.begin = 0;
  for (int i = 0; i < static_cast<int>(calls.size()); ++i) {
    const int t = calls[static_cast<size_t>(i)];
    SamplerStep step = {schedule.level(t), schedule.level(t), level_after(schedule, t, stride, last)};
    if (i < plan.options.runge_kutta_calls) {
      step.from = schedule.level(calls[static_cast<size_t>(i / 4 * 4)]);
      step.to = level_after(schedule, t, i % 2 == 0 ? stride / 2 : 0, last);
    } else if (i == 1) {
      step.from = schedule.level(std::min(t + stride, schedule.num_train_timesteps() - 1));
      step.to = schedule.level(t);
    }
    plan.steps.push_back(step);
  }
  return plan;
}

SamplingPlan lcm_plan(const PlanRequest& request) {
  SamplingPlan plan = start_plan(request, "lcm", ZeroTerminalSnr::exact);
  read_thresholding(request.config, false, plan.denoiser);
  plan.options.timestep_scaling = request.config.number("timestep_scaling", 10.0);
  plan.steps = distilled_steps(request, plan.schedule, {1.0, 0.0, 0.0});
  return plan;
}

SamplingPlan tcd_plan(const PlanRequest& request) {
  SamplingPlan plan = start_plan(request, "tcd", ZeroTerminalSnr::exact);
  read_thresholding(request.config, false, plan.denoiser);
  plan.steps = distilled_steps(request, plan.schedule, plan.schedule.level(0));
  return plan;
}

}  // namespace easel
