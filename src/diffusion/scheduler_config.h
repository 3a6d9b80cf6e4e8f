// scheduler_config.h — what diffusers' scheduler_config.json says. The plan itself: make_sampling_plan,
// sampling_plan.h.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "diffusion/denoiser.h"
#include "diffusion/noise_schedule.h"
#include "diffusion/sampler.h"

namespace easel {

// What becomes of the last alphas_cumprod where rescale_betas_zero_snr makes it 0: kept, or 2^-24, for solvers that
// need a finite sigma (diffusers' choice).
enum class ZeroTerminalSnr { exact, approximate };

// From num_train_timesteps, beta_*, trained_betas, rescale_betas_zero_snr. Throws CorruptFile naming the key.
NoiseSchedule read_noise_schedule(const nlohmann::json& scheduler_config, ZeroTerminalSnr zero_terminal_snr);
PredictionType read_prediction_type(const nlohmann::json& scheduler_config);

// The configuration that Stable Diffusion 1.x is published with.
nlohmann::json stable_diffusion_scheduler_config();
// The same model's configuration for another scheduler class: what from_config does in diffusers.
nlohmann::json with_scheduler_class(const nlohmann::json& scheduler_config, const std::string& class_name);

// n steps through n + 1 levels.
std::vector<SamplerStep> consecutive_steps(const std::vector<NoiseLevel>& levels);
// n + 1 network calls of the pseudo linear multistep method through n + 1 levels: its first step, a pseudo improved
// Euler one, asks at both ends (sample_pndm).
std::vector<SamplerStep> pseudo_multistep_steps(const std::vector<NoiseLevel>& levels);

}  // namespace easel
