// sampler: k-diffusion's samplers, schedules and wrappers, and the latent-diffusion code's DDIM and PLMS.
#include <algorithm>
#include <cmath>

#include "diffusion/guidance.h"
#include "diffusion/sampler_registry.h"
#include "diffusion/sampling_plan.h"
#include "diffusion/scheduler_config.h"
#include "golden/analytic_model.h"
#include "golden/case_runners.h"
#include "ops/ops.h"

namespace easel::golden {
namespace {

std::vector<double> doubles(const Tensor& tensor) {
  if (tensor.dtype() == DType::f64) return {tensor.data<double>(), tensor.data<double>() + tensor.numel()};
  const std::vector<float> values = tensor.to_vector();
  return {values.begin(), values.end()};
}

// "polyexponential_rho1_3" -> 1.3
double rho_of(const std::string& polyexponential) {
  std::string rho = polyexponential.substr(std::string("polyexponential_rho").size());
  std::replace(rho.begin(), rho.end(), '_', '.');
  return std::stod(rho);
}

void check_named_schedules(const GoldenCase& golden_case, const NoiseSchedule& schedule, CaseReport& report) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const int n = params.at("n");
  const auto named = [&](const char* name, double rho) {
    const SigmaScheduleOptions options{
        .sigma_min = params.at("sigma_min"), .sigma_max = params.at("sigma_max"), .rho = rho};
    return make_sigmas(find_sigma_schedule(name), n, schedule, options);
  };
  report.check("karras", named("karras", params.at("rho_karras")));
  report.check("exponential", named("exponential", 0.0));
  report.check("discrete", named("discrete", 0.0));
  for (const auto& [name, expected] : golden_case.expected.tensors)
    if (name.starts_with("polyexponential_rho")) report.check(name, named("polyexponential", rho_of(name)));
  const nlohmann::json& vp = params.at("vp");
  report.check("vp", vp_sigmas(n, vp.at("beta_d"), vp.at("beta_min"), vp.at("eps_s")));
}

void run_schedules(const GoldenCase& golden_case, CaseReport& report) {
  const NoiseSchedule schedule;
  check_named_schedules(golden_case, schedule, report);

  std::vector<double> table;
  for (int t = 0; t < schedule.num_train_timesteps(); ++t) table.push_back(schedule.sigma(t));
  report.check("sigma_table", table);
  std::reverse(table.begin(), table.end());
  table.push_back(0.0);
  report.check("discrete_all", table);

  std::vector<double> timesteps, nearest, sigmas;
  for (double sigma : doubles(golden_case.input("sigma_query"))) {
    timesteps.push_back(schedule.timestep_at(sigma));
    nearest.push_back(schedule.nearest_timestep(sigma));
  }
  for (double t : doubles(golden_case.input("t_query"))) sigmas.push_back(schedule.sigma_at(t));
  report.check("sigma_to_t", timesteps);
  report.check("sigma_to_t_quantized", nearest);
  report.check("t_to_sigma", sigmas);
}

void run_denoiser_wrappers(const GoldenCase& golden_case, CaseReport& report) {
  const NoiseSchedule schedule;
  const Tensor x = golden_case.input_f32("x");
  const std::vector<double> sigmas = doubles(golden_case.input("sigma"));
  for (const bool quantized : {false, true}) {
    for (const auto type : {PredictionType::epsilon, PredictionType::v_prediction}) {
      DenoiserOptions options;
      options.prediction_type = type;
      ModelCalls calls;
      Denoiser denoiser(recording_network(calls), options);
      std::vector<Tensor> denoised;
      for (int64_t n = 0; n < x.dim(0); ++n) {
        NoiseLevel level = schedule.level_at(1.0, sigmas[static_cast<size_t>(n)]);
        if (quantized) level.timestep = schedule.nearest_timestep(level.sigma);
        denoised.push_back(denoiser.predict(x.rows(n, n + 1), level).denoised);
      }
      const std::string prefix = type == PredictionType::epsilon ? "eps" : "v", suffix = quantized ? "_1" : "_0";
      report.check(prefix + "_quantize" + suffix, concat(denoised, 0));
      report.check("t_" + prefix + suffix, calls.timesteps());
    }
  }
}

// "k_diffusion.sampling.sample_dpmpp_2m" -> "dpmpp_2m".
std::string k_diffusion_name(const GoldenCase& golden_case) {
  const std::string source = golden_case.spec.at("source");
  return source.substr(source.rfind("sample_") + 7);
}

SamplingPlan k_diffusion_plan(const GoldenCase& golden_case) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const nlohmann::json& arguments = params.at("sampler_kwargs");
  const SamplerInfo& info = find_sampler(k_diffusion_name(golden_case));
  SamplingPlan plan;
  plan.sampler_name = info.name;
  plan.sampler = info.sampler;
  plan.options = info.defaults;
  plan.options.eta = arguments.value("eta", plan.options.eta);
  plan.options.s_churn = arguments.value("s_churn", plan.options.s_churn);
  plan.options.s_tmin = arguments.value("s_tmin", plan.options.s_tmin);
  plan.options.s_tmax = arguments.value("s_tmax", plan.options.s_tmax);
  plan.options.s_noise = arguments.value("s_noise", plan.options.s_noise);
  plan.options.order = arguments.value("order", plan.options.order);
  plan.options.rtol = arguments.value("rtol", plan.options.rtol);
  plan.options.atol = arguments.value("atol", plan.options.atol);
  if (arguments.value("solver_type", "") == "heun") plan.options.solver_type = SolverType::heun;
  // Those with churn draw in every step.
  const bool churns = plan.sampler_name == "euler" || plan.sampler_name == "heun" || plan.sampler_name == "dpm_2";
  plan.options.unused_noise = churns ? UnusedNoise::draw : UnusedNoise::skip;

  std::vector<NoiseLevel> levels;
  if (golden_case.has_input("sigmas")) {
    for (double sigma : doubles(golden_case.input("sigmas"))) levels.push_back({1.0, sigma, 0.0});
  } else {  // dpm_fast and dpm_adaptive take a range, and the former a number of calls
    const std::vector<double> sigmas =
        exponential_sigmas(std::max(params.at("n").get<int>(), 1) + 1, params.at("sigma_min"), params.at("sigma_max"));
    for (double sigma : sigmas) levels.push_back({1.0, sigma, 0.0});
  }
  plan.steps = consecutive_steps(levels);
  return plan;
}

void run_k_diffusion(const GoldenCase& golden_case, CaseReport& report) {
  const SamplingPlan plan = k_diffusion_plan(golden_case);
  ModelCalls calls;
  const auto network = [&](const Tensor& model_input, const NoiseLevel& level) {
    calls.inputs.push_back(model_input);
    calls.levels.push_back(level);
    return analytic_output(model_input, std::log(level.sigma));
  };
  ReplayNoise noise = replayed_draws(golden_case, "noise");
  std::vector<size_t> first_calls = {0};  // of each step
  const Tensor x = sample(plan, network, golden_case.input_f32("x_init"), noise,
                          [&](StepInfo& info) { first_calls.push_back(static_cast<size_t>(info.total_model_calls)); });
  first_calls.pop_back();
  report.check("x_final", x);
  std::vector<double> sigmas;
  for (const NoiseLevel& level : calls.levels) sigmas.push_back(level.sigma);
  report.check("model_sigmas", sigmas);
  if (!golden_case.expects("callback_x")) return;
  std::vector<Tensor> callback_x;
  for (size_t call : first_calls) callback_x.push_back(calls.sample_at(call));
  report.check("callback_x", stacked(callback_x));
}

// The latent-diffusion code's sampler: its own timesteps, and alphas_cumprod[0] as the goal.
SamplingPlan latent_diffusion_plan(const nlohmann::json& params, bool plms) {
  SamplingPlan plan;
  const SamplerInfo& info = find_sampler(plms ? "plms" : "ddim");
  plan.sampler = info.sampler;
  plan.options.eta = params.at("eta");
  std::vector<NoiseLevel> levels;
  for (int t : uniform_timesteps(params.at("steps"), plan.schedule.num_train_timesteps()))
    levels.push_back(plan.schedule.level(t));
  levels.push_back(plan.schedule.level(0));
  plan.steps = plms ? pseudo_multistep_steps(levels) : consecutive_steps(levels);
  return plan;
}

void run_latent_diffusion(const GoldenCase& golden_case, CaseReport& report) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const bool plms = golden_case.source().find("PLMSSampler") != std::string::npos;
  const SamplingPlan plan = latent_diffusion_plan(params, plms);
  const double guidance_scale = params.at("guidance_scale");
  std::vector<double> timesteps;
  const auto network = [&](const Tensor& x, const NoiseLevel& level) {
    timesteps.push_back(level.timestep);
    const Tensor unconditional = analytic_output(x, level.timestep / 100.0);
    Tensor bias = x.clone();
    for (float& value : bias.span()) value = 0.1f * std::cos(3.0f * value);
    return combine_predictions({{.prediction = unconditional, .weight = 1.0 - guidance_scale, .unconditional = true},
                                {.prediction = add(unconditional, bias), .weight = guidance_scale}},
                               0.0);
  };
  ReplayNoise noise = replayed_draws(golden_case, "noise");
  const Tensor start = golden_case.input_f32("x_T");
  std::vector<Tensor> x_inter = {start}, pred_x0;
  const Tensor x = sample(plan, network, start, noise, [&](StepInfo& info) {
    if (plms && info.index == 0) return;  // the improved Euler step's first half
    x_inter.push_back(info.x);
    pred_x0.push_back(info.denoised);
  });
  report.check("x_final", x);
  report.check("x_inter", stacked(x_inter));
  report.check("pred_x0", stacked(pred_x0));
  if (timesteps != params.at("model_timesteps").get<std::vector<double>>()) report.fail("model_timesteps differ");
  std::vector<double> ascending;
  for (size_t i = plan.steps.size(); i-- > 0;)
    if (!plms || i != 1) ascending.push_back(plan.steps[i].at.timestep);
  report.check("ddim_timesteps", ascending);
}

}  // namespace

void run_sampler_case(const GoldenCase& golden_case, CaseReport& report) {
  if (golden_case.has_input("sigma_query")) return run_schedules(golden_case, report);
  if (golden_case.has_input("sigma")) return run_denoiser_wrappers(golden_case, report);
  if (golden_case.has_input("x_T")) return run_latent_diffusion(golden_case, report);
  run_k_diffusion(golden_case, report);
}

}  // namespace easel::golden
