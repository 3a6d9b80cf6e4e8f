// Plans for diffusers' scheduler classes: DDIM, DDPM, PNDM, EulerDiscrete, EulerAncestralDiscrete, HeunDiscrete,
// KDPM2Discrete, KDPM2AncestralDiscrete, LMSDiscrete, DPMSolverMultistep, DPMSolverSinglestep, DEISMultistep,
// UniPCMultistep, LCM. Three coordinate families: strided timesteps (DDIM, DDPM, PNDM, LCM), variance-exploding sigmas
// (Euler to LMS), and variance-preserving sigmas (DPM-Solver to UniPC).
#include "diffusion/scheduler_config.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "diffusion/sampler_registry.h"
#include "diffusion/sampling_plan.h"
#include "diffusion/scheduler_config_reader.h"
#include "easel/error.h"

namespace easel {
namespace {

// What all builders start from.
struct PlanRequest {
  const SchedulerConfigReader& config;
  int num_inference_steps;
  const PlanOptions& options;
};

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "[scheduler_config] " + message);
}

SpacingOptions read_spacing(const PlanRequest& request, const NoiseSchedule& schedule, const char* default_spacing) {
  SpacingOptions spacing;
  spacing.spacing = parse_timestep_spacing(request.config.text("timestep_spacing", default_spacing));
  spacing.num_steps = request.num_inference_steps;
  spacing.num_train_timesteps = spacing.num_timesteps = schedule.num_train_timesteps();
  spacing.steps_offset = request.config.integer("steps_offset", 0);
  return spacing;
}

void read_thresholding(const SchedulerConfigReader& config, bool clip_by_default, DenoiserOptions& denoiser) {
  denoiser.clip_sample_range = config.number("clip_sample_range", 1.0);
  denoiser.dynamic_thresholding_ratio = config.number("dynamic_thresholding_ratio", 0.995);
  denoiser.sample_max_value = config.number("sample_max_value", 1.0);
  if (config.flag("clip_sample", clip_by_default)) denoiser.thresholding = Thresholding::clip;
  if (config.flag("thresholding", false)) denoiser.thresholding = Thresholding::dynamic;
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

// --- strided timesteps ---

// Where the last step leads: DDIM's and PNDM's set_alpha_to_one.
NoiseLevel final_level(const SchedulerConfigReader& config, const NoiseSchedule& schedule, bool alpha_one_by_default) {
  return config.flag("set_alpha_to_one", alpha_one_by_default) ? NoiseLevel{1.0, 0.0, 0.0} : schedule.level(0);
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
    fail("variance_type = " + variance + "; must be fixed_small, fixed_small_log or fixed_large");
  plan.options.variance = variance == "fixed_large" ? DdpmVariance::fixed_large : DdpmVariance::fixed_small;
  plan.steps = strided_steps(request, plan.schedule, {1.0, 0.0, 0.0});
  return plan;
}

// PNDM's calls with the Runge-Kutta start-up: four steps back from the first four timesteps, each half step asked
// twice.
std::vector<int> runge_kutta_timesteps(const std::vector<int>& timesteps, int stride, int last_timestep) {
  std::vector<int> calls;
  for (size_t group = 0; group < 3; ++group) {
    const int half = std::min(timesteps[group + 1] + stride / 2, last_timestep);
    calls.insert(calls.end(), {timesteps[group], half, half, timesteps[group + 1]});
  }
  return calls;
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
  const bool runge_kutta = !request.config.flag("skip_prk_steps", false);
  if (runge_kutta && (timesteps.size() < 4 || plan.begin > 0))
    fail("skip_prk_steps = false needs at least 4 steps, taken from the first on");

  std::vector<int> calls = timesteps;
  if (runge_kutta) {
    calls = runge_kutta_timesteps(timesteps, stride, schedule.num_train_timesteps() - 1);
    calls.insert(calls.end(), timesteps.begin() + 3, timesteps.end());
    plan.options.runge_kutta_calls = 12;
  } else if (timesteps.size() > 1) {
    calls.insert(calls.begin() + 1, timesteps[1]);
  }
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

// A consistency model is asked at a subset of the timesteps that it was distilled for.
SamplingPlan lcm_plan(const PlanRequest& request) {
  SamplingPlan plan = start_plan(request, "lcm", ZeroTerminalSnr::exact);
  read_thresholding(request.config, false, plan.denoiser);
  plan.options.timestep_scaling = request.config.number("timestep_scaling", 10.0);
  const int original_steps = request.config.integer("original_inference_steps", 50);
  const int num_steps = request.num_inference_steps;
  if (num_steps < 1 || num_steps > original_steps || original_steps > plan.schedule.num_train_timesteps())
    fail("num_inference_steps = " + std::to_string(num_steps) + "; must be 1.." + std::to_string(original_steps) +
         " (original_inference_steps)");
  const int stride = plan.schedule.num_train_timesteps() / original_steps;
  std::vector<NoiseLevel> levels;
  for (int i = 0; i < num_steps; ++i)
    levels.push_back(plan.schedule.level((original_steps - i * original_steps / num_steps) * stride - 1));
  levels.push_back({1.0, 0.0, 0.0});
  plan.steps = consecutive_steps(levels);
  return plan;
}

// --- sigmas ---

struct TimestepAndSigma {
  double timestep, sigma;
};

// Replaces spaced sigmas by those of a schedule over the same range, where the configuration asks for one.
void apply_sigma_schedule(const PlanRequest& request, const NoiseSchedule& schedule,
                          std::vector<TimestepAndSigma>& points, double sigma_min, double sigma_max) {
  const int n = static_cast<int>(points.size());
  std::vector<double> sigmas;
  if (request.config.flag("use_karras_sigmas", false)) {
    sigmas = karras_sigmas(n, sigma_min, sigma_max);
  } else if (request.config.flag("use_exponential_sigmas", false) || request.config.flag("use_lu_lambdas", false)) {
    sigmas = exponential_sigmas(n, sigma_min, sigma_max);  // Lu et al.'s lambdas are equal steps of -log sigma
  }
  for (size_t i = 0; i < sigmas.size(); ++i) points[i] = {schedule.timestep_at(sigmas[i]), sigmas[i]};
}

// The sigma that the run ends at. Without final_sigmas_type (diffusers before 0.26) that is the family's own.
double final_sigma(const SchedulerConfigReader& config, const NoiseSchedule& schedule, const char* family_default) {
  const std::string type = config.text("final_sigmas_type", family_default);
  if (type != "zero" && type != "sigma_min") fail("final_sigmas_type = " + type + "; must be zero or sigma_min");
  return type == "zero" ? 0.0 : schedule.sigma_min();
}

// Euler, Euler ancestral, Heun, KDPM2, KDPM2 ancestral, LMS: x = x0 + sigma eps.
SamplingPlan exploding_plan(const PlanRequest& request, const char* sampler) {
  SamplingPlan plan = start_plan(request, sampler, ZeroTerminalSnr::approximate);
  read_thresholding(request.config, false, plan.denoiser);
  const SchedulerConfigReader& config = request.config;
  if (config.text("timestep_type", "discrete") != "discrete") fail("timestep_type must be discrete");
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
  apply_sigma_schedule(request, plan.schedule, points, config.number("sigma_min", points.back().sigma),
                       config.number("sigma_max", points.front().sigma));
  const bool whole_timesteps =
      std::string_view(sampler).starts_with("dpm_2") && config.flag("use_karras_sigmas", false);
  std::vector<NoiseLevel> levels;
  for (const auto& [t, sigma] : points) levels.push_back({1.0, sigma, whole_timesteps ? std::rint(t) : t});
  levels.push_back({1.0, last_sigma, 0.0});
  plan.steps = consecutive_steps(levels);
  plan.init_noise_sigma =
      spacing.spacing == TimestepSpacing::leading ? std::hypot(levels[0].sigma, 1.0) : levels[0].sigma;
  return plan;
}

SamplingPlan euler_plan(const PlanRequest& request) {
  SamplingPlan plan = exploding_plan(request, "euler");
  plan.options.unused_noise = UnusedNoise::draw;
  plan.options.churn_order = ChurnOrder::after_network;
  return plan;
}

SamplingPlan ancestral_plan(const PlanRequest& request, const char* sampler) {
  SamplingPlan plan = exploding_plan(request, sampler);
  plan.options.unused_noise = UnusedNoise::draw;
  return plan;
}

// The number of timesteps whose lambda is at least lambda_min_clipped: cosine schedules begin where sigma explodes.
int unclipped_timesteps(const SchedulerConfigReader& config, const NoiseSchedule& schedule) {
  const double lambda_min = config.number("lambda_min_clipped", -std::numeric_limits<double>::infinity());
  int count = schedule.num_train_timesteps();
  while (count > 1 && -std::log(schedule.sigma(count - 1)) < lambda_min) --count;
  return count;
}

// DPM-Solver, DEIS, UniPC: alpha^2 + sigma^2 = 1.
SamplingPlan preserving_plan(const PlanRequest& request, const char* sampler) {
  SamplingPlan plan = start_plan(request, sampler, ZeroTerminalSnr::approximate);
  const SchedulerConfigReader& config = request.config;
  read_thresholding(config, false, plan.denoiser);
  plan.options.order = config.integer("solver_order", 2);
  if (plan.options.order < 1 || plan.options.order > 3) fail("solver_order must be 1, 2 or 3");
  plan.options.lower_order_final = config.flag("lower_order_final", true);

  SpacingOptions spacing = read_spacing(request, plan.schedule, "linspace");
  spacing.num_timesteps = unclipped_timesteps(config, plan.schedule);
  spacing.exclude_last = spacing.spacing != TimestepSpacing::trailing;
  std::vector<double> timesteps = spaced_timesteps(spacing);
  round_timesteps(timesteps);
  std::vector<TimestepAndSigma> points;
  for (double t : timesteps) points.push_back({t, plan.schedule.sigma(static_cast<int>(t))});
  apply_sigma_schedule(request, plan.schedule, points, plan.schedule.sigma_min(), plan.schedule.sigma_max());
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
    fail("algorithm_type = " + algorithm + "; must be dpmsolver, dpmsolver++, sde-dpmsolver or sde-dpmsolver++");
  plan.options.solved_for = deterministic == "dpmsolver" ? SolvedFor::eps : SolvedFor::denoised;
  plan.options.eta = stochastic ? 1.0 : 0.0;
  plan.options.solver_type =
      request.config.text("solver_type", "midpoint") == "heun" ? SolverType::heun : SolverType::midpoint;
  plan.options.euler_at_final = request.config.flag("euler_at_final", false);
  plan.options.unused_noise = UnusedNoise::draw;
  return plan;
}

SamplingPlan unipc_plan(const PlanRequest& request) {
  SamplingPlan plan = preserving_plan(request, "uni_pc");
  const SchedulerConfigReader& config = request.config;
  plan.options.solver_type = config.text("solver_type", "bh2") == "bh1" ? SolverType::bh1 : SolverType::bh2;
  plan.options.solved_for = config.flag("predict_x0", true) ? SolvedFor::denoised : SolvedFor::eps;
  plan.options.disable_corrector = config.integers("disable_corrector");
  return plan;
}

using PlanBuilder = SamplingPlan (*)(const PlanRequest&);

const std::map<std::string, PlanBuilder>& plan_builders() {
  static const std::map<std::string, PlanBuilder> builders = {
      {"DDIMScheduler", ddim_plan},
      {"DDPMScheduler", ddpm_plan},
      {"PNDMScheduler", pndm_plan},
      {"LCMScheduler", lcm_plan},
      {"EulerDiscreteScheduler", euler_plan},
      {"EulerAncestralDiscreteScheduler", [](const auto& r) { return ancestral_plan(r, "euler_ancestral"); }},
      {"HeunDiscreteScheduler", [](const auto& r) { return exploding_plan(r, "heun"); }},
      {"KDPM2DiscreteScheduler", [](const auto& r) { return exploding_plan(r, "dpm_2"); }},
      {"KDPM2AncestralDiscreteScheduler", [](const auto& r) { return ancestral_plan(r, "dpm_2_ancestral"); }},
      {"LMSDiscreteScheduler", [](const auto& r) { return exploding_plan(r, "lms"); }},
      {"DPMSolverMultistepScheduler", [](const auto& r) { return dpm_solver_plan(r, "dpmpp_2m"); }},
      {"DPMSolverSinglestepScheduler", [](const auto& r) { return dpm_solver_plan(r, "dpmpp_2s"); }},
      {"DEISMultistepScheduler", [](const auto& r) { return preserving_plan(r, "deis"); }},
      {"UniPCMultistepScheduler", unipc_plan},
  };
  return builders;
}

}  // namespace

NoiseSchedule read_noise_schedule(const nlohmann::json& scheduler_config, ZeroTerminalSnr zero_terminal_snr) {
  const SchedulerConfigReader config(scheduler_config);
  BetaOptions options;
  options.num_train_timesteps = config.integer("num_train_timesteps", 1000);
  options.beta_start = config.number("beta_start", 0.0001);
  options.beta_end = config.number("beta_end", 0.02);
  options.beta_schedule = parse_beta_schedule(config.text("beta_schedule", "linear"));
  const std::vector<double> trained_betas = config.numbers("trained_betas");
  std::vector<double> alphas_cumprod = make_alphas_cumprod(trained_betas.empty() ? make_betas(options) : trained_betas);
  if (config.flag("rescale_betas_zero_snr", false)) {
    alphas_cumprod = rescale_zero_terminal_snr(std::move(alphas_cumprod));
    constexpr double kNearlyZero = 1.0 / (1 << 24);  // diffusers' 2^-24
    if (zero_terminal_snr == ZeroTerminalSnr::approximate) alphas_cumprod.back() = kNearlyZero;
  }
  return NoiseSchedule(std::move(alphas_cumprod));
}

PredictionType read_prediction_type(const nlohmann::json& scheduler_config) {
  return parse_prediction_type(SchedulerConfigReader(scheduler_config).text("prediction_type", "epsilon"));
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
  if (!config.contains("clip_sample")) config["clip_sample"] = false;  // latents are not confined to a range
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
  const SchedulerConfigReader config(scheduler_config);
  const std::string class_name = config.text("_class_name", "PNDMScheduler");
  const auto builder = plan_builders().find(class_name);
  if (builder == plan_builders().end()) {
    std::string names;
    for (const auto& [name, build] : plan_builders()) names += (names.empty() ? "" : ", ") + name;
    throw Error(ErrorCode::Unsupported, "[scheduler_config] _class_name = " + class_name + "; known: " + names);
  }
  if (num_inference_steps < 1)
    fail("num_inference_steps = " + std::to_string(num_inference_steps) + "; must be 1 or more");
  const SamplingPlan plan = builder->second({config, num_inference_steps, options});
  if (plan.begin < 0 || plan.begin >= static_cast<int>(plan.steps.size()))
    fail("begin = " + std::to_string(options.begin) + "; must be 0.." + std::to_string(num_inference_steps - 1));
  return plan;
}

}  // namespace easel
