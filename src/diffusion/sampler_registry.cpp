#include "diffusion/sampler_registry.h"

#include <algorithm>
#include <string>

#include "diffusion/samplers/samplers.h"
#include "easel/error.h"

namespace easel {
namespace {

// DEIS and UniPC, and the singlestep solvers, lower their order at the end of short runs, as their authors advise.
const std::vector<SamplerInfo> kSamplers = {
    {.name = "euler",
     .label = "Euler",
     .aliases = {"EulerDiscreteScheduler"},
     .sampler = sample_euler,
     .default_schedule = "discrete"},
    {.name = "euler_ancestral",
     .label = "Euler a",
     .aliases = {"EulerAncestralDiscreteScheduler"},
     .sampler = sample_ancestral,
     .defaults = {.eta = 1.0},
     .default_schedule = "discrete",
     .stochastic = true},
    {.name = "heun",
     .label = "Heun",
     .aliases = {"HeunDiscreteScheduler"},
     .sampler = sample_heun,
     .default_schedule = "discrete",
     .calls_per_step = 2},
    {.name = "dpm_2",
     .label = "DPM2",
     .aliases = {"KDPM2DiscreteScheduler", "kdpm_2"},
     .sampler = sample_dpm_2,
     .default_schedule = "karras",
     .calls_per_step = 2},
    {.name = "dpm_2_ancestral",
     .label = "DPM2 a",
     .aliases = {"KDPM2AncestralDiscreteScheduler", "kdpm_2_a"},
     .sampler = sample_dpm_2,
     .defaults = {.eta = 1.0},
     .default_schedule = "karras",
     .calls_per_step = 2,
     .stochastic = true},
    {.name = "lms",
     .label = "LMS",
     .aliases = {"LMSDiscreteScheduler"},
     .sampler = sample_lms,
     .defaults = {.order = 4},
     .default_schedule = "discrete"},
    {.name = "dpmpp_2m",
     .label = "DPM++ 2M",
     .aliases = {"dpm++2mv2", "DPMSolverMultistepScheduler"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = {.order = 2},
     .default_schedule = "karras"},
    {.name = "dpmpp_2m_sde",
     .label = "DPM++ 2M SDE",
     .aliases = {"dpmpp_2m_sde_gpu"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = {.eta = 1.0},
     .default_schedule = "exponential",
     .stochastic = true},
    {.name = "dpmpp_2m_sde_heun",
     .label = "DPM++ 2M SDE Heun",
     .aliases = {"dpmpp_2m_sde_heun_gpu"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = {.eta = 1.0, .solver_type = SolverType::heun},
     .default_schedule = "exponential",
     .stochastic = true},
    {.name = "dpmpp_3m",
     .label = "DPM++ 3M",
     .sampler = sample_dpm_solver_multistep,
     .defaults = {.order = 3, .solver_type = SolverType::heun},
     .default_schedule = "karras"},
    {.name = "dpmpp_3m_sde",
     .label = "DPM++ 3M SDE",
     .aliases = {"dpmpp_3m_sde_gpu"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = {.order = 3, .eta = 1.0, .solver_type = SolverType::heun},
     .default_schedule = "exponential",
     .stochastic = true},
    {.name = "dpmpp_sde",
     .label = "DPM++ SDE",
     .aliases = {"dpmpp_sde_gpu", "DPMSolverSDEScheduler"},
     .sampler = sample_dpmpp_sde,
     .defaults = {.eta = 1.0},
     .default_schedule = "karras",
     .calls_per_step = 2,
     .stochastic = true},
    {.name = "dpmpp_2s_ancestral",
     .label = "DPM++ 2S a",
     .sampler = sample_dpmpp_2s_ancestral,
     .defaults = {.eta = 1.0},
     .default_schedule = "karras",
     .calls_per_step = 2,
     .stochastic = true},
    {.name = "dpmpp_2s",
     .label = "DPM++ 2S",
     .aliases = {"DPMSolverSinglestepScheduler"},
     .sampler = sample_dpm_solver_singlestep,
     .defaults = {.order = 2, .lower_order_final = true},
     .default_schedule = "karras"},
    {.name = "dpmpp_3s",
     .label = "DPM++ 3S",
     .sampler = sample_dpm_solver_singlestep,
     .defaults = {.order = 3, .lower_order_final = true},
     .default_schedule = "karras"},
    {.name = "dpm_solver_2m",
     .label = "DPM-Solver 2M",
     .sampler = sample_dpm_solver_multistep,
     .defaults = {.order = 2, .solved_for = SolvedFor::eps},
     .default_schedule = "karras"},
    {.name = "dpm_fast", .label = "DPM fast", .sampler = sample_dpm_fast, .default_schedule = "discrete"},
    {.name = "dpm_adaptive",
     .label = "DPM adaptive",
     .sampler = sample_dpm_adaptive,
     .defaults = {.order = 3},
     .default_schedule = "discrete",
     .calls_per_step = 0},
    {.name = "ddim",
     .label = "DDIM",
     .aliases = {"DDIMScheduler", "DDIMParallelScheduler"},
     .sampler = sample_ancestral,
     .diffusers_class = "DDIMScheduler"},
    {.name = "ddim_trailing", .label = "DDIM trailing", .sampler = sample_ancestral, .default_schedule = "trailing"},
    {.name = "ddpm",
     .label = "DDPM",
     .aliases = {"DDPMScheduler", "DDPMParallelScheduler"},
     .sampler = sample_ddpm,
     .diffusers_class = "DDPMScheduler",
     .stochastic = true},
    {.name = "pndm",
     .label = "PLMS",
     .aliases = {"PNDMScheduler"},
     .sampler = sample_pndm,
     .diffusers_class = "PNDMScheduler"},
    {.name = "ipndm",
     .label = "iPNDM",
     .aliases = {"IPNDMScheduler"},
     .sampler = sample_ipndm,
     .defaults = {.order = 4},
     .default_schedule = "discrete"},
    {.name = "ipndm_v",
     .label = "iPNDM V",
     .sampler = sample_lms,
     .defaults = {.order = 4},
     .default_schedule = "discrete"},
    {.name = "deis",
     .label = "DEIS",
     .aliases = {"DEISMultistepScheduler"},
     .sampler = sample_deis,
     .defaults = {.order = 2, .lower_order_final = true},
     .diffusers_class = "DEISMultistepScheduler"},
    {.name = "uni_pc",
     .label = "UniPC",
     .aliases = {"UniPCMultistepScheduler"},
     .sampler = sample_unipc,
     .defaults = {.order = 3, .solver_type = SolverType::bh1, .lower_order_final = true},
     .diffusers_class = "UniPCMultistepScheduler"},
    {.name = "uni_pc_bh2",
     .label = "UniPC BH2",
     .sampler = sample_unipc,
     .defaults = {.order = 3, .solver_type = SolverType::bh2, .lower_order_final = true},
     .default_schedule = "discrete"},
    {.name = "res_multistep",
     .label = "RES multistep",
     .sampler = sample_dpm_solver_multistep,
     .defaults = {.order = 2, .solver_type = SolverType::heun},
     .default_schedule = "discrete"},
    {.name = "gradient_estimation",
     .label = "Gradient estimation",
     .aliases = {"euler_ge"},
     .sampler = sample_gradient_estimation,
     .defaults = {.order = 2},
     .default_schedule = "discrete"},
    {.name = "lcm",
     .label = "LCM",
     .aliases = {"LCMScheduler"},
     .sampler = sample_lcm,
     .diffusers_class = "LCMScheduler",
     .stochastic = true},
    {.name = "tcd",
     .label = "TCD",
     .aliases = {"TCDScheduler"},
     .sampler = sample_tcd,
     .defaults = {.eta = 0.3},
     .diffusers_class = "TCDScheduler",
     .stochastic = true},
};

const SamplerInfo* try_find(std::string_view name) {
  const auto matches = [](const SamplerInfo& info, const std::string& wanted) {
    return wanted == folded_name(info.name) || wanted == folded_name(info.label) ||
           std::any_of(info.aliases.begin(), info.aliases.end(),
                       [&](std::string_view alias) { return wanted == folded_name(alias); });
  };
  const std::string wanted = folded_name(name);
  const bool has_prefix = name.starts_with("k_") || name.starts_with("K_");
  for (const SamplerInfo& info : kSamplers)
    if (matches(info, wanted) || (has_prefix && matches(info, wanted.substr(1)))) return &info;
  return nullptr;
}

}  // namespace

std::span<const SamplerInfo> samplers() { return kSamplers; }

bool takes_eta(Sampler sampler) {
  constexpr Sampler kWithEta[] = {sample_ancestral,          sample_dpm_2,     sample_dpm_solver_multistep,
                                  sample_dpmpp_2s_ancestral, sample_dpmpp_sde, sample_dpm_fast,
                                  sample_dpm_adaptive,       sample_tcd};
  return std::ranges::find(kWithEta, sampler) != std::end(kWithEta);
}

const SamplerInfo& find_sampler(std::string_view name) {
  if (const SamplerInfo* info = try_find(name)) return *info;
  std::string names;
  for (const SamplerInfo& info : kSamplers) names += std::string(names.empty() ? "" : ", ") + info.name;
  throw Error(ErrorCode::InvalidArgument, "[sampler] unknown sampler '" + std::string(name) + "'; known: " + names);
}

SamplerChoice parse_sampler_name(std::string_view name) {
  if (const SamplerInfo* whole = try_find(name)) return {whole, nullptr};
  for (size_t split = name.find_last_of(" _"); split != std::string_view::npos && split > 0;
       split = name.find_last_of(" _", split - 1)) {
    const SigmaScheduleInfo* schedule = try_find_sigma_schedule(name.substr(split + 1));
    const SamplerInfo* sampler = schedule ? try_find(name.substr(0, split)) : nullptr;
    if (sampler) return {sampler, schedule};
  }
  return {&find_sampler(name), nullptr};
}

}  // namespace easel
