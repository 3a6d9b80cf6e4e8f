#include "diffusion/sampling_plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "diffusion/sampler_registry.h"
#include "diffusion/samplers/samplers.h"
#include "diffusion/scheduler_config.h"
#include "easel/error.h"

namespace easel {
namespace {

void check_begin(const SamplingPlan& plan, int num_steps) {
  if (plan.begin < 0 || plan.begin >= num_steps)
    throw Error(ErrorCode::InvalidArgument, "[" + plan.sampler_name + "] begin = " + std::to_string(plan.begin) +
                                                "; must be 0.." + std::to_string(num_steps - 1));
}

SamplingPlan plan_of_sigmas(const SamplerInfo& info, const SigmaScheduleInfo& schedule_info, int num_inference_steps,
                            const nlohmann::json& scheduler_config, const PlanOptions& options) {
  SamplingPlan plan;
  plan.sampler_name = info.name;
  plan.sampler = info.sampler;
  plan.options = info.defaults;
  plan.schedule = read_noise_schedule(scheduler_config, ZeroTerminalSnr::approximate);
  plan.denoiser.prediction_type = read_prediction_type(scheduler_config);
  plan.begin = options.begin;
  const std::vector<double> sigmas = make_sigmas(schedule_info, num_inference_steps, plan.schedule, options.sigmas);
  std::vector<NoiseLevel> levels;
  for (double sigma : sigmas) levels.push_back(plan.schedule.level_at(1.0, sigma));
  if (info.sampler == sample_pndm) {
    // Its first step asks twice, wherever it begins.
    check_begin(plan, static_cast<int>(levels.size()) - 1);
    plan.steps = pseudo_multistep_steps({levels.begin() + plan.begin, levels.end()});
    plan.begin = 0;
  } else {
    plan.steps = consecutive_steps(levels);
    check_begin(plan, static_cast<int>(plan.steps.size()));
  }
  plan.init_noise_sigma = sigmas.front();
  return plan;
}

}  // namespace

SamplingPlan make_sampling_plan(std::string_view sampler, std::string_view schedule, int num_inference_steps,
                                const nlohmann::json& scheduler_config, const PlanOptions& options) {
  const SamplerChoice choice = parse_sampler_name(sampler);
  const SamplerInfo& info = *choice.sampler;
  const SigmaScheduleInfo* schedule_info = choice.schedule;
  if (!schedule.empty() && schedule != "automatic") schedule_info = &find_sigma_schedule(schedule);
  if (!schedule_info && info.default_schedule) schedule_info = &find_sigma_schedule(info.default_schedule);
  const nlohmann::json config = scheduler_config.is_null() ? stable_diffusion_scheduler_config() : scheduler_config;
  SamplingPlan plan = schedule_info ? plan_of_sigmas(info, *schedule_info, num_inference_steps, config, options)
                                    : make_sampling_plan(with_scheduler_class(config, info.diffusers_class),
                                                         num_inference_steps, options);
  plan.sampler_name = info.name;
  return plan;
}

SamplingPlan inverted_plan(SamplingPlan plan) {
  const bool first_order = plan.sampler == sample_ancestral || plan.sampler == sample_euler;
  if (!first_order || plan.options.eta > 0 || plan.options.s_churn > 0)
    throw Error(ErrorCode::InvalidArgument,
                "[" + plan.sampler_name + "] cannot be run backwards to a picture's noise; take ddim or euler");
  plan.steps.erase(plan.steps.begin(), plan.steps.begin() + plan.begin);
  std::ranges::reverse(plan.steps);
  for (SamplerStep& step : plan.steps) std::swap(step.from, step.to);
  plan.begin = 0;
  plan.sampler = sample_inversion;
  return plan;
}

Tensor sample(const SamplingPlan& plan, const PredictFunction& network, Tensor x, NoiseSource& noise,
              const StepCallback& callback) {
  Denoiser denoiser(network, plan.denoiser);
  SamplerRun run({plan.steps, plan.begin, plan.options, plan.schedule, callback}, denoiser, noise);
  return plan.sampler(run, std::move(x));
}

}  // namespace easel
