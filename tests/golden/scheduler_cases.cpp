// scheduler: diffusers' schedulers, whole runs from a scheduler configuration; and its noise tables.
#include <algorithm>
#include <cmath>

#include "diffusion/sampling_plan.h"
#include "diffusion/scheduler_config.h"
#include "golden/analytic_model.h"
#include "golden/case_runners.h"
#include "golden/reference_version.h"
#include "ops/ops.h"

namespace easel::golden {
namespace {

void run_beta_tables(const GoldenCase& golden_case, CaseReport& report) {
  for (const auto& [name, config] : golden_case.spec.at("params").at("schedules").items()) {
    const auto values = [](const NoiseSchedule& schedule) {
      std::vector<double> table;
      for (int t = 0; t < schedule.num_train_timesteps(); ++t) table.push_back(schedule.alpha_cumprod(t));
      return table;
    };
    report.check(name + "_alphas_cumprod", values(read_noise_schedule(config, ZeroTerminalSnr::exact)));
    if (!golden_case.expects(name + "_alphas_cumprod_zero_snr")) continue;  // the cosine schedule has none
    nlohmann::json rescaled = config;
    rescaled["rescale_betas_zero_snr"] = true;
    report.check(name + "_alphas_cumprod_zero_snr", values(read_noise_schedule(rescaled, ZeroTerminalSnr::exact)));
  }
}

void run_add_noise(const GoldenCase& golden_case, CaseReport& report) {
  const NoiseSchedule schedule = read_noise_schedule(golden_case.spec.at("config"), ZeroTerminalSnr::exact);
  const Tensor x = golden_case.input_f32("x"), noise = golden_case.input_f32("noise");
  const std::vector<float> timesteps = golden_case.input_f32("timesteps").to_vector();
  const std::vector<float> euler_timesteps = golden_case.input_f32("euler_timesteps").to_vector();
  std::vector<Tensor> noisy, velocities, euler;
  for (int64_t n = 0; n < x.dim(0); ++n) {
    const size_t row = static_cast<size_t>(n);
    const Tensor x0 = x.rows(n, n + 1), eps = noise.rows(n, n + 1);
    const NoiseLevel level = schedule.level(static_cast<int>(timesteps[row]));
    noisy.push_back(add_noise(x0, eps, level));
    velocities.push_back(velocity(x0, eps, level));
    euler.push_back(add_noise(x0, eps, {1.0, schedule.linear_sigma_at(euler_timesteps[row]), 0.0}));
  }
  report.check("add_noise", concat(noisy, 0));
  report.check("velocity", concat(velocities, 0));
  report.check("euler_add_noise", concat(euler, 0));
}

// The arguments that the reference's step() was called with.
void apply_step_arguments(const nlohmann::json& arguments, SamplingPlan& plan) {
  SamplerOptions& options = plan.options;
  options.eta = arguments.value("eta", options.eta);
  options.s_churn = arguments.value("s_churn", options.s_churn);
  options.s_tmin = arguments.value("s_tmin", options.s_tmin);
  options.s_tmax = arguments.value("s_tmax", options.s_tmax);
  options.s_noise = arguments.value("s_noise", options.s_noise);
  options.order = arguments.value("order", options.order);
  if (arguments.value("use_clipped_model_output", false)) plan.denoiser.eps_from_thresholded = true;
}

// sigmas in the order that the reference keeps them: Heun and KDPM2 repeat those between the ends.
std::vector<double> reference_sigmas(const SamplingPlan& plan, const nlohmann::json& config) {
  std::vector<double> sigmas;
  const bool is_dpm_2 = plan.sampler_name.starts_with("dpm_2"), repeats = is_dpm_2 || plan.sampler_name == "heun";
  for (const SamplerStep& step : plan.steps)
    sigmas.insert(sigmas.end(), repeats && !sigmas.empty() ? 2 : 1, step.from.relative_sigma());
  sigmas.insert(sigmas.end(), is_dpm_2 ? 3 : 1, plan.steps.back().to.relative_sigma());
  if (config.value("interpolation_type", "linear") == "log_linear") sigmas.push_back(0.0);  // never reached
  return sigmas;
}

std::vector<double> alphas_cumprod_probe(const NoiseSchedule& schedule) {
  std::vector<double> values;
  for (int t : {0, 1, 10, 100, 500, 900, 998, 999}) values.push_back(schedule.alpha_cumprod(t));
  return values;
}

}  // namespace

void run_scheduler_case(const GoldenCase& golden_case, CaseReport& report) {
  if (golden_case.has_param("schedules")) return run_beta_tables(golden_case, report);
  if (golden_case.expects("add_noise")) return run_add_noise(golden_case, report);
  const nlohmann::json& params = golden_case.spec.at("params");
  SamplingPlan plan = reference_plan(golden_case, golden_case.spec.at("config"), params.at("num_inference_steps"));
  apply_step_arguments(params.at("step_kwargs"), plan);

  const double init_noise_sigma = params.at("init_noise_sigma");
  if (std::fabs(plan.init_noise_sigma - init_noise_sigma) > 1e-5 * init_noise_sigma)
    report.fail("init_noise_sigma: got " + std::to_string(plan.init_noise_sigma));
  ModelCalls calls;
  std::vector<Tensor> denoised;
  ReplayNoise noise = replayed_draws(golden_case, "noise");
  const Tensor x = sample(plan, recording_network(calls), golden_case.input_f32("x_init"), noise,
                          [&](StepInfo& info) { denoised.push_back(info.denoised); });
  if (noise.remaining() > 0) report.fail("noise: " + std::to_string(noise.remaining()) + " draws were not taken");

  std::vector<Tensor> trajectory;
  for (size_t call = 0; call < calls.inputs.size(); ++call) trajectory.push_back(calls.sample_at(call));
  trajectory.push_back(x);
  report.check("trajectory", stacked(trajectory));
  report.check("timesteps", calls.timesteps());
  report.check("model_input_0", calls.inputs[0]);
  report.check("alphas_cumprod_probe", alphas_cumprod_probe(plan.schedule));
  if (golden_case.expects("pred_original")) report.check("pred_original", stacked(denoised));
  if (golden_case.expects("sigmas")) report.check("sigmas", reference_sigmas(plan, golden_case.spec.at("config")));
}

}  // namespace easel::golden
