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

// One sampler in two lines, as a table.
// clang-format off
const std::vector<SamplerInfo>& table() {
  constexpr auto kHeun = SolverType::heun, kBh1 = SolverType::bh1, kBh2 = SolverType::bh2;
  static const std::vector<SamplerInfo> samplers = {
      // name, label, aliases,
      //     function, defaults, default schedule, diffusers class, calls per step, stochastic
      {"euler", "Euler", {"EulerDiscreteScheduler"},
           sample_euler, {}, "discrete", nullptr, 1, false},
      {"euler_ancestral", "Euler a", {"EulerAncestralDiscreteScheduler"},
           sample_ancestral, with_eta(1.0), "discrete", nullptr, 1, true},
      {"heun", "Heun", {"HeunDiscreteScheduler"},
           sample_heun, {}, "discrete", nullptr, 2, false},
      {"dpm_2", "DPM2", {"KDPM2DiscreteScheduler", "kdpm_2"},
           sample_dpm_2, {}, "karras", nullptr, 2, false},
      {"dpm_2_ancestral", "DPM2 a", {"KDPM2AncestralDiscreteScheduler", "kdpm_2_a"},
           sample_dpm_2, with_eta(1.0), "karras", nullptr, 2, true},
      {"lms", "LMS", {"LMSDiscreteScheduler"},
           sample_lms, of_order(4), "discrete", nullptr, 1, false},
      {"dpmpp_2m", "DPM++ 2M", {"dpm++2mv2", "DPMSolverMultistepScheduler"},
           sample_dpm_solver_multistep, of_order(2), "karras", nullptr, 1, false},
      {"dpmpp_2m_sde", "DPM++ 2M SDE", {"dpmpp_2m_sde_gpu"},
           sample_dpm_solver_multistep, with_eta(1.0), "exponential", nullptr, 1, true},
      {"dpmpp_2m_sde_heun", "DPM++ 2M SDE Heun", {"dpmpp_2m_sde_heun_gpu"},
           sample_dpm_solver_multistep, with_eta(1.0, with_type(kHeun, {})), "exponential", nullptr, 1, true},
      {"dpmpp_3m", "DPM++ 3M", {},
           sample_dpm_solver_multistep, with_type(kHeun, of_order(3)), "karras", nullptr, 1, false},
      {"dpmpp_3m_sde", "DPM++ 3M SDE", {"dpmpp_3m_sde_gpu"},
           sample_dpm_solver_multistep, with_eta(1.0, with_type(kHeun, of_order(3))), "exponential", nullptr, 1, true},
      {"dpmpp_sde", "DPM++ SDE", {"dpmpp_sde_gpu", "DPMSolverSDEScheduler"},
           sample_dpmpp_sde, with_eta(1.0), "karras", nullptr, 2, true},
      {"dpmpp_2s_ancestral", "DPM++ 2S a", {},
           sample_dpmpp_2s_ancestral, with_eta(1.0), "karras", nullptr, 2, true},
      {"dpmpp_2s", "DPM++ 2S", {"DPMSolverSinglestepScheduler"},
           sample_dpm_solver_singlestep, lowering(of_order(2)), "karras", nullptr, 1, false},
      {"dpmpp_3s", "DPM++ 3S", {},
           sample_dpm_solver_singlestep, lowering(of_order(3)), "karras", nullptr, 1, false},
      {"dpm_solver_2m", "DPM-Solver 2M", {},
           sample_dpm_solver_multistep, for_eps(of_order(2)), "karras", nullptr, 1, false},
      {"dpm_fast", "DPM fast", {},
           sample_dpm_fast, {}, "discrete", nullptr, 1, false},
      {"dpm_adaptive", "DPM adaptive", {},
           sample_dpm_adaptive, of_order(3), "discrete", nullptr, 0, false},
      {"ddim", "DDIM", {"DDIMScheduler", "DDIMParallelScheduler"},
           sample_ancestral, {}, nullptr, "DDIMScheduler", 1, false},
      {"ddim_trailing", "DDIM trailing", {},
           sample_ancestral, {}, "trailing", nullptr, 1, false},
      {"ddpm", "DDPM", {"DDPMScheduler", "DDPMParallelScheduler"},
           sample_ddpm, {}, nullptr, "DDPMScheduler", 1, true},
      {"pndm", "PLMS", {"PNDMScheduler"},
           sample_pndm, {}, nullptr, "PNDMScheduler", 1, false},
      {"ipndm", "iPNDM", {"IPNDMScheduler"},
           sample_ipndm, of_order(4), "discrete", nullptr, 1, false},
      {"ipndm_v", "iPNDM V", {},
           sample_lms, of_order(4), "discrete", nullptr, 1, false},
      {"deis", "DEIS", {"DEISMultistepScheduler"},
           sample_deis, lowering(of_order(2)), nullptr, "DEISMultistepScheduler", 1, false},
      {"uni_pc", "UniPC", {"UniPCMultistepScheduler"},
           sample_unipc, lowering(with_type(kBh1, of_order(3))), nullptr, "UniPCMultistepScheduler", 1, false},
      {"uni_pc_bh2", "UniPC BH2", {},
           sample_unipc, lowering(with_type(kBh2, of_order(3))), "discrete", nullptr, 1, false},
      {"res_multistep", "RES multistep", {},
           sample_dpm_solver_multistep, with_type(kHeun, of_order(2)), "discrete", nullptr, 1, false},
      {"gradient_estimation", "Gradient estimation", {"euler_ge"},
           sample_gradient_estimation, of_order(2), "discrete", nullptr, 1, false},
      {"lcm", "LCM", {"LCMScheduler"},
           sample_lcm, {}, nullptr, "LCMScheduler", 1, true},
      {"tcd", "TCD", {"TCDScheduler"},
           sample_tcd, with_eta(0.3), nullptr, "TCDScheduler", 1, true},
  };
  return samplers;
}
// clang-format on

const SamplerInfo* try_find(std::string_view name) {
  const auto matches = [](const SamplerInfo& info, const std::string& wanted) {
    return wanted == folded_name(info.name) || wanted == folded_name(info.label) ||
           std::any_of(info.aliases.begin(), info.aliases.end(),
                       [&](std::string_view alias) { return wanted == folded_name(alias); });
  };
  const std::string wanted = folded_name(name);
  const bool has_prefix = name.starts_with("k_") || name.starts_with("K_");
  for (const SamplerInfo& info : table())
    if (matches(info, wanted) || (has_prefix && matches(info, wanted.substr(1)))) return &info;
  return nullptr;
}

}  // namespace

std::span<const SamplerInfo> samplers() { return table(); }

bool takes_eta(Sampler sampler) {
  constexpr Sampler kWithEta[] = {sample_ancestral,          sample_dpm_2,     sample_dpm_solver_multistep,
                                  sample_dpmpp_2s_ancestral, sample_dpmpp_sde, sample_dpm_fast,
                                  sample_dpm_adaptive,       sample_tcd};
  return std::ranges::find(kWithEta, sampler) != std::end(kWithEta);
}

const SamplerInfo& find_sampler(std::string_view name) {
  if (const SamplerInfo* info = try_find(name)) return *info;
  std::string names;
  for (const SamplerInfo& info : table()) names += std::string(names.empty() ? "" : ", ") + info.name;
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
