#include "golden/reference_version.h"

namespace easel::golden {
namespace {

// A release before 0.MINOR: "… v0.14.0 …" in the case's source. Other references have no such number.
bool made_before(const GoldenCase& golden_case, int minor) {
  const std::string source = golden_case.source();
  const size_t at = source.find(" v0.");
  return at != std::string::npos && std::stoi(source.substr(at + 4)) < minor;
}

void apply_behaviour_before_0_15(SamplingPlan& plan) {
  if (plan.sampler_name == "ddim") plan.denoiser.sample_eps = SampleEps::network_output;
  if (plan.denoiser.thresholding == Thresholding::dynamic) plan.denoiser.thresholding = Thresholding::dynamic_floor;
  // Its singlestep solver took the orders from the number of training steps, so they never fell at the end.
  if (plan.sampler_name == "dpmpp_2s") plan.options.lower_order_final = false;
}

}  // namespace

SamplingPlan reference_plan(const GoldenCase& golden_case, const nlohmann::json& scheduler_config,
                            int num_inference_steps, int begin) {
  PlanOptions options;
  options.begin = begin;
  if (made_before(golden_case, 17)) options.level_rounding = LevelRounding::to_timestep;
  SamplingPlan plan = make_sampling_plan(scheduler_config, num_inference_steps, options);
  if (made_before(golden_case, 15)) apply_behaviour_before_0_15(plan);
  return plan;
}

void apply_pipeline_eta(double eta, SamplingPlan& plan) {
  if (plan.sampler_name == "ddim") plan.options.eta = eta;
}

}  // namespace easel::golden
