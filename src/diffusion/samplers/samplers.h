// samplers.h — every solver loop. Each is described, with its paper's algorithm, above its definition;
// sampler_registry.h gives them names. To add one: write it in samplers/, declare it here, enter it in the registry.
#pragma once

#include "diffusion/sampler.h"

namespace easel {

// euler.cpp
Tensor sample_euler(SamplerRun& run, Tensor x);
Tensor sample_ancestral(SamplerRun& run, Tensor x);
Tensor sample_ddpm(SamplerRun& run, Tensor x);
// second_order.cpp
Tensor sample_heun(SamplerRun& run, Tensor x);
Tensor sample_dpm_2(SamplerRun& run, Tensor x);
// inversion.cpp
Tensor sample_inversion(SamplerRun& run, Tensor x);
// linear_multistep.cpp
Tensor sample_lms(SamplerRun& run, Tensor x);
Tensor sample_deis(SamplerRun& run, Tensor x);
Tensor sample_ipndm(SamplerRun& run, Tensor x);
Tensor sample_gradient_estimation(SamplerRun& run, Tensor x);
// pndm.cpp
Tensor sample_pndm(SamplerRun& run, Tensor x);
// dpm_solver_multistep.cpp
Tensor sample_dpm_solver_multistep(SamplerRun& run, Tensor x);
// dpm_solver_singlestep.cpp
Tensor sample_dpm_solver_singlestep(SamplerRun& run, Tensor x);
// dpmpp_ancestral.cpp
Tensor sample_dpmpp_2s_ancestral(SamplerRun& run, Tensor x);
Tensor sample_dpmpp_sde(SamplerRun& run, Tensor x);
// dpm_solver_adaptive.cpp
Tensor sample_dpm_fast(SamplerRun& run, Tensor x);
Tensor sample_dpm_adaptive(SamplerRun& run, Tensor x);
// unipc.cpp
Tensor sample_unipc(SamplerRun& run, Tensor x);
// consistency.cpp
Tensor sample_lcm(SamplerRun& run, Tensor x);
Tensor sample_tcd(SamplerRun& run, Tensor x);

}  // namespace easel
