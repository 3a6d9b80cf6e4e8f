// reference_version.h — what older releases of diffusers did otherwise than the engine, which follows the later ones. A
// case's source names the release that made it.
#pragma once

#include "diffusion/sampling_plan.h"
#include "golden/golden_case.h"

namespace easel::golden {

// The plan of a diffusers scheduler configuration as the case's release ran it.
// begin: first step to take.
SamplingPlan reference_plan(const GoldenCase& golden_case, const nlohmann::json& scheduler_config,
                            int num_inference_steps, int begin = 0);

// `eta` as a pipeline's argument: it reaches the schedulers whose step() takes one, which is DDIM's. The stochasticity
// of the others is part of their method.
void apply_pipeline_eta(double eta, SamplingPlan& plan);

}  // namespace easel::golden
