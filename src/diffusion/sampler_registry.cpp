#include "diffusion/sampler_registry.h"

#include <algorithm>
#include <string>

#include "diffusion/samplers/samplers.h"
#include "easel/error.h"

namespace easel {
namespace {

SamplerOptions of_order(int order) {
  SamplerOptions options;
  options.order = order;
  return options;
}

SamplerOptions with_eta(double eta, SamplerOptions options = {}) {
  options.eta = eta;
  return options;
}

SamplerOptions with_type(SolverType type, SamplerOptions options) {
  options.solver_type = type;
  return options;
}

SamplerOptions for_eps(SamplerOptions options) {
  options.solved_for = SolvedFor::eps;
  return options;
}

// Lower orders at the end of short runs, as the authors of these solvers advise.
SamplerOptions lowering(SamplerOptions options) {
  options.lower_order_final = true;
  return options;
}

constexpr auto kHeun = SolverType::heun, kBh1 = SolverType::bh1, kBh2 = SolverType::bh2;

const std::vector<SamplerInfo> kTable = {
    {.name = "euler",
     .label = "Euler",
     .aliases = {"EulerDiscreteScheduler"},
     .sampler = sample_euler,
     .default_schedule = "discrete"},
    {.name = "euler_ancestral",
     .label = "Euler a",
     .aliases = {"EulerAncestralDiscreteScheduler"},
     .sampler = sample_ancestral,
     .defaults = with_eta(1.0),
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
     .defaults = with_eta(1.0),
     .default_schedule = "karras",
     .calls_per_step = 2,
     .stochastic = true},
    {.name = "lms",
     .label = "LMS",
     .aliases = {"LMSDiscreteScheduler"},
     .sampler = sample_lms,
     .defaults = of_order(4),
     .default_schedule = "discrete"},
    {.name = "dpmpp_2m",
     .label = "DPM++ 2M",
     .aliases = {"dpm++2mv2", "DPMSolverMultistepScheduler"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = of_order(2),
     .default_schedule = "karras"},
    {.name = "dpmpp_2m_sde",
     .label = "DPM++ 2M SDE",
     .aliases = {"dpmpp_2m_sde_gpu"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = with_eta(1.0),
     .default_schedule = "exponential",
     .stochastic = true},
    {.name = "dpmpp_2m_sde_heun",
     .label = "DPM++ 2M SDE Heun",
     .aliases = {"dpmpp_2m_sde_heun_gpu"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = with_eta(1.0, with_type(kHeun, {})),
     .default_schedule = "exponential",
     .stochastic = true},
    {.name = "dpmpp_3m",
     .label = "DPM++ 3M",
     .sampler = sample_dpm_solver_multistep,
     .defaults = with_type(kHeun, of_order(3)),
     .default_schedule = "karras"},
    {.name = "dpmpp_3m_sde",
     .label = "DPM++ 3M SDE",
     .aliases = {"dpmpp_3m_sde_gpu"},
     .sampler = sample_dpm_solver_multistep,
     .defaults = with_eta(1.0, with_type(kHeun, of_order(3))),
     .default_schedule = "exponential",
     .stochastic = true},
    {.name = "dpmpp_sde",
     .label = "DPM++ SDE",
     .aliases = {"dpmpp_sde_gpu", "DPMSolverSDEScheduler"},
     .sampler = sample_dpmpp_sde,
     .defaults = with_eta(1.0),
     .default_schedule = "karras",
     .calls_per_step = 2,
     .stochastic = true},
    {.name = "dpmpp_2s_ancestral",
     .label = "DPM++ 2S a",
     .sampler = sample_dpmpp_2s_ancestral,
     .defaults = with_eta(1.0),
     .default_schedule = "karras",
     .calls_per_step = 2,
     .stochastic = true},
    {.name = "dpmpp_2s",
     .label = "DPM++ 2S",
     .aliases = {"DPMSolverSinglestepScheduler"},
     .sampler = sample_dpm_solver_singlestep,
     .defaults = lowering(of_order(2)),
     .default_schedule = "karras"},
    {.name = "dpmpp_3s",
     .label = "DPM++ 3S",
     .sampler = sample_dpm_solver_singlestep,
     .defaults = lowering(of_order(3)),
     .default_schedule = "karras"},
    {.name = "dpm_solver_2m",
     .label = "DPM-Solver 2M",
     .sampler = sample_dpm_solver_multistep,
     .defaults = for_eps(of_order(2)),
     .default_schedule = "karras"},
    {.name = "dpm_fast", .label = "DPM fast", .sampler = sample_dpm_fast, .default_schedule = "discrete"},
    {.name = "dpm_adaptive",
     .label = "DPM adaptive",
     .sampler = sample_dpm_adaptive,
     .defaults = of_order(3),
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
     .defaults = of_order(4),
     .default_schedule = "discrete"},
    {.name = "ipndm_v",
     .label = "iPNDM V",
     .sampler = sample_lms,
     .defaults = of_order(4),
     .default_schedule = "discrete"},
    {.name = "deis",
     .label = "DEIS",
     .aliases = {"DEISMultistepScheduler"},
     .sampler = sample_deis,
     .defaults = lowering(of_order(2)),
     .diffusers_class = "DEISMultistepScheduler"},
    {.name = "uni_pc",
     .label = "UniPC",
     .aliases = {"UniPCMultistepScheduler"},
     .sampler = sample_unipc,
     .defaults = lowering(with_type(kBh1, of_order(3))),
     .diffusers_class = "UniPCMultistepScheduler"},
    {.name = "uni_pc_bh2",
     .label = "UniPC BH2",
     .sampler = sample_unipc,
     .defaults = lowering(with_type(kBh2, of_order(3))),
     .default_schedule = "discrete"},
    {.name = "res_multistep",
     .label = "RES multistep",
     .sampler = sample_dpm_solver_multistep,
     .defaults = with_type(kHeun, of_order(2)),
     .default_schedule = "discrete"},
    {.name = "gradient_estimation",
     .label = "Gradient estimation",
     .aliases = {"euler_ge"},
     .sampler = sample_gradient_estimation,
     .defaults = of_order(2),
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
     .defaults = with_eta(0.3),
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
  for (const SamplerInfo& info : kTable)
    if (matches(info, wanted) || (has_prefix && matches(info, wanted.substr(1)))) return &info;
  return nullptr;
}

}  // namespace

std::span<const SamplerInfo> samplers() { return kTable; }

bool takes_eta(Sampler sampler) {
  constexpr Sampler kWithEta[] = {sample_ancestral,          sample_dpm_2,     sample_dpm_solver_multistep,
                                  sample_dpmpp_2s_ancestral, sample_dpmpp_sde, sample_dpm_fast,
                                  sample_dpm_adaptive,       sample_tcd};
  return std::ranges::find(kWithEta, sampler) != std::end(kWithEta);
}

const SamplerInfo& find_sampler(std::string_view name) {
  if (const SamplerInfo* info = try_find(name)) return *info;
  std::string names;
  for (const SamplerInfo& info : kTable) names += std::string(names.empty() ? "" : ", ") + info.name;
  throw Error(ErrorCode::InvalidArgument, "[sampler] unknown sampler '" + std::string(name) + "'; known: " + names);
}

std::optional<SamplerChoice> try_parse_sampler_name(std::string_view name) {
  if (const SamplerInfo* whole = try_find(name)) return SamplerChoice{whole, nullptr};
  for (size_t split = name.find_last_of(" _"); split != std::string_view::npos && split > 0;
       split = name.find_last_of(" _", split - 1)) {
    const SigmaScheduleInfo* schedule = try_find_sigma_schedule(name.substr(split + 1));
    const SamplerInfo* sampler = schedule ? try_find(name.substr(0, split)) : nullptr;
    if (sampler) return SamplerChoice{sampler, schedule};
  }
  return std::nullopt;
}

SamplerChoice parse_sampler_name(std::string_view name) {
  if (const auto choice = try_parse_sampler_name(name)) return *choice;
  return {&find_sampler(name), nullptr};  // throws
}

}  // namespace easel
