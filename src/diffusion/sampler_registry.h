// sampler_registry.h — samplers by name, with the names that other programs give them.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "diffusion/sampler.h"
#include "diffusion/sigma_schedule.h"

namespace easel {

struct SamplerInfo {
  const char* name;                            // as in JSON and flags
  const char* label;                           // for people, as the webui writes it
  std::vector<std::string_view> aliases = {};  // ComfyUI's, stable-diffusion.cpp's, InvokeAI's, diffusers' class
  Sampler sampler;
  SamplerOptions defaults = {};
  // Either a sigma schedule's name (the webui's "automatic"), or diffusers' class: the plan is then that of the class
  // for the model's own scheduler config.
  const char* default_schedule = nullptr;
  const char* diffusers_class = nullptr;
  int calls_per_step = 1;   // network calls in a full step; 0: its own choice
  bool stochastic = false;  // takes noise on the way
};

// Every sampler, in the order that help shows them.
std::span<const SamplerInfo> samplers();

// Whether the solver reads SamplerOptions::eta; the others have no share of noise to set.
bool takes_eta(Sampler sampler);

// By name, label or alias; case, spaces, "-", "_" and a leading "k_" do not matter. Throws InvalidArgument with the
// list of names.
const SamplerInfo& find_sampler(std::string_view name);

// A sampler with the schedule that its name may carry: "DPM++ 2M Karras", "euler_k", "k_dpmpp_2m_ka".
struct SamplerChoice {
  const SamplerInfo* sampler;
  const SigmaScheduleInfo* schedule;  // null: the sampler's default
};
// Throws as find_sampler.
SamplerChoice parse_sampler_name(std::string_view name);

}  // namespace easel
