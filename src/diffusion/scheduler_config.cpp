#include "diffusion/scheduler_config.h"

#include <map>
#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "diffusion/plans/plan_builders.h"
#include "diffusion/sampling_plan.h"
#include "easel/error.h"

namespace easel {
namespace {

using PlanBuilder = SamplingPlan (*)(const PlanRequest&);

const std::map<std::string, PlanBuilder>& plan_builders() {
  static const std::map<std::string, PlanBuilder> builders = {
      {"DDIMScheduler", ddim_plan},
      {"DDPMScheduler", ddpm_plan},
      {"DEISMultistepScheduler", deis_plan},
      {"DPMSolverMultistepScheduler", dpm_solver_multistep_plan},
      {"DPMSolverSinglestepScheduler", dpm_solver_singlestep_plan},
      {"EulerAncestralDiscreteScheduler", euler_ancestral_plan},
      {"EulerDiscreteScheduler", euler_plan},
      {"HeunDiscreteScheduler", heun_plan},
      {"KDPM2AncestralDiscreteScheduler", dpm_2_ancestral_plan},
      {"KDPM2DiscreteScheduler", dpm_2_plan},
      {"LCMScheduler", lcm_plan},
      {"LMSDiscreteScheduler", lms_plan},
      {"PNDMScheduler", pndm_plan},
      {"TCDScheduler", tcd_plan},
      {"UniPCMultistepScheduler", unipc_plan},
  };
  return builders;
}

}  // namespace

NoiseSchedule read_noise_schedule(const nlohmann::json& scheduler_config, ZeroTerminalSnr zero_terminal_snr) try {
  const ConfigReader config(scheduler_config, "scheduler");
  BetaOptions options;
  options.num_train_timesteps = static_cast<int>(config.integer("num_train_timesteps", 1000));
  options.beta_start = config.number("beta_start", 0.0001);
  options.beta_end = config.number("beta_end", 0.02);
  options.beta_schedule = parse_beta_schedule(config.text("beta_schedule", "linear"));
  const std::vector<double> trained_betas = config.numbers("trained_betas");
  std::vector<double> alphas_cumprod = make_alphas_cumprod(trained_betas.empty() ? make_betas(options) : trained_betas);
  if (config.boolean("rescale_betas_zero_snr", false)) {
    alphas_cumprod = rescale_zero_terminal_snr(std::move(alphas_cumprod));
    constexpr double kNearlyZero = 1.0 / (1 << 24);  // diffusers' 2^-24
    if (zero_terminal_snr == ZeroTerminalSnr::approximate) alphas_cumprod.back() = kNearlyZero;
  }
  return NoiseSchedule(std::move(alphas_cumprod));
} catch (const Error& error) {
  throw as_file_error(error);
}

PredictionType read_prediction_type(const nlohmann::json& scheduler_config) try {
  return parse_prediction_type(ConfigReader(scheduler_config, "scheduler").text("prediction_type", "epsilon"));
} catch (const Error& error) {
  throw as_file_error(error);
}

nlohmann::json stable_diffusion_scheduler_config() {
  return {{"_class_name", "PNDMScheduler"},
          {"num_train_timesteps", 1000},
          {"beta_start", 0.00085},
          {"beta_end", 0.012},
          {"beta_schedule", "scaled_linear"},
          {"prediction_type", "epsilon"},
          {"clip_sample", false},
          {"set_alpha_to_one", false},
          {"skip_prk_steps", true},
          {"steps_offset", 1}};
}

nlohmann::json with_scheduler_class(const nlohmann::json& scheduler_config, const std::string& class_name) {
  nlohmann::json config = scheduler_config;
  config["_class_name"] = class_name;
  if (!config.contains("clip_sample")) config["clip_sample"] = false;       // latents are not confined to a range
  if (!config.contains("skip_prk_steps")) config["skip_prk_steps"] = true;  // as Stable Diffusion's PNDM
  return config;
}

std::vector<SamplerStep> consecutive_steps(const std::vector<NoiseLevel>& levels) {
  std::vector<SamplerStep> steps;
  for (size_t i = 0; i + 1 < levels.size(); ++i) steps.push_back({levels[i], levels[i], levels[i + 1]});
  return steps;
}

std::vector<SamplerStep> pseudo_multistep_steps(const std::vector<NoiseLevel>& levels) {
  std::vector<SamplerStep> steps = consecutive_steps(levels);
  if (steps.size() > 1) steps.insert(steps.begin() + 1, {levels[1], levels[0], levels[1]});
  return steps;
}

SamplingPlan make_sampling_plan(const nlohmann::json& scheduler_config, int num_inference_steps,
                                const PlanOptions& options) {
  const ConfigReader config(scheduler_config, "scheduler");
  const std::string class_name = config.text("_class_name", "PNDMScheduler");
  const auto builder = plan_builders().find(class_name);
  if (builder == plan_builders().end()) {
    std::string names;
    for (const auto& [name, build] : plan_builders()) names += (names.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::Unsupported, "[scheduler] config _class_name = " + class_name + "; known: " + names);
  }
  if (num_inference_steps < 1)
    fail_request("num_inference_steps = " + std::to_string(num_inference_steps) + "; must be 1 or more");
  const SamplingPlan plan = builder->second({config, num_inference_steps, options});
  if (plan.begin < 0 || plan.begin >= static_cast<int>(plan.steps.size()))
    fail_request("begin = " + std::to_string(options.begin) + "; must be 0.." +
                 std::to_string(num_inference_steps - 1));
  return plan;
}

}  // namespace easel
