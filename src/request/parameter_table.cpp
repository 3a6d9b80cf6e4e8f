// The table of generation parameters, and what derives from it without further knowledge of any parameter.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "diffusion/sampler_registry.h"
#include "diffusion/sigma_schedule.h"
#include "easel/error.h"
#include "easel/parameters.h"
#include "request/parameter_value.h"

namespace easel {
namespace {

using P = GenerationParameters;

// `first`, then the names of a registry.
template <typename Infos>
std::vector<std::string> with_first(const char* first, const Infos& infos) {
  std::vector<std::string> names{first};
  for (const auto& info : infos) names.emplace_back(info.name);
  return names;
}

std::vector<ParameterInfo> make_table() {
  constexpr double kMaxSeed = 9007199254740991;  // 2^53 - 1: exact in JSON readers that hold numbers as doubles
  return {
      {"prompt", &P::prompt, 0, 0, {}, "", {"-p"}, "What the picture shows."},
      {"negative_prompt", &P::negative_prompt, 0, 0, {}, "", {}, "What the picture should not show."},
      {"width",
       &P::width,
       0,
       16384,
       {},
       "px",
       {"-W"},
       "Width of the picture; 0 takes the size the model was trained on."},
      {"height",
       &P::height,
       0,
       16384,
       {},
       "px",
       {"-H"},
       "Height of the picture; 0 takes the size the model was trained on."},
      {"num_inference_steps", &P::num_inference_steps, 1, 1000, {}, "steps", {"--steps"}, "Number of denoising steps."},
      {"guidance_scale",
       &P::guidance_scale,
       -1,
       100,
       {},
       "",
       {"--cfg-scale"},
       "How strongly the picture follows the prompt; 1 switches guidance off and halves the work, -1 takes the value "
       "that "
       "the model's model_index.json names, else 7.5."},
      {"guidance_rescale",
       &P::guidance_rescale,
       0,
       1,
       {},
       "",
       {},
       "Share of the guided prediction that is rescaled to the unguided contrast (Lin et al. 2023, section 3.4)."},
      {"sampler",
       &P::sampler,
       0,
       0,
       with_first("default", samplers()),
       "",
       {"--sampling-method"},
       "Solver; default takes the model's own scheduler. The webui's and diffusers' names are understood as well."},
      {"schedule",
       &P::schedule,
       0,
       0,
       with_first("automatic", sigma_schedules()),
       "",
       {"--scheduler"},
       "Noise levels of the steps; automatic takes the one that belongs to the sampler."},
      {"eta",
       &P::eta,
       -1,
       1,
       {},
       "",
       {},
       "Share of fresh noise in each step: 0 solves the deterministic equation, 1 the stochastic one; -1 takes the "
       "sampler's own."},
      {"seed",
       &P::seed,
       -1,
       kMaxSeed,
       {},
       "",
       {"-s"},
       "Start of the random numbers; -1 takes a random one, which is printed."},
      {"rng",
       &P::rng,
       0,
       0,
       {"torch", "philox"},
       "",
       {},
       "Stream of random numbers: torch as PyTorch on a CPU, philox as PyTorch on a GPU."},
      {"num_images",
       &P::num_images,
       1,
       64,
       {},
       "",
       {"-n", "-b", "--batch-count"},
       "Number of pictures, made as one batch; picture i has the seed plus i."},
      {"clip_skip",
       &P::clip_skip,
       0,
       12,
       {},
       "layers",
       {},
       "Which layer of the text encoder counts: 1 the last, 2 the last but one; 0 takes the model's own."},
      {"prompt_weighting",
       &P::prompt_weighting,
       0,
       0,
       {"webui", "none"},
       "",
       {},
       "webui: (word:1.2), [word], BREAK and prompts of any length; none: the text as it is, cut to one row of tokens, "
       "77 "
       "for CLIP."},
      {"vae_band_rows",
       &P::vae_band_rows,
       0,
       16384,
       {},
       "px",
       {},
       "Decode the picture in bands of so many rows, which needs less memory and gives the same picture; 0 decodes it "
       "at once."},
  };
}

ParameterTarget target_of(GenerationParameters& parameters, const ParameterInfo& info) {
  return std::visit([&](auto field) -> ParameterTarget { return &(parameters.*field); }, info.field);
}

bool is_sampler(const ParameterInfo& info) { return info.name == std::string_view("sampler"); }
bool is_schedule(const ParameterInfo& info) { return info.name == std::string_view("schedule"); }

// Samplers and schedules have aliases, so those two are resolved by their registries, not by their choices.
ParameterRule rule_of(const ParameterInfo& info) {
  const bool has_aliases = is_sampler(info) || is_schedule(info);
  return {"parameters", info.name, {info.low, info.high, has_aliases ? std::vector<std::string>{} : info.choices}};
}

void check(const GenerationParameters& parameters, const ParameterInfo& info) {
  GenerationParameters copy = parameters;
  rule_of(info).check(target_of(copy, info));
  if (is_sampler(info) && parameters.sampler != info.choices.front()) parse_sampler_name(parameters.sampler);
  if (is_schedule(info) && parameters.schedule != info.choices.front()) find_sigma_schedule(parameters.schedule);
}

const ParameterInfo& find_parameter(std::string_view name) {
  for (const ParameterInfo& info : parameter_table())
    if (name == info.name) return info;
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameter_table()) names.emplace_back(info.name);
  throw Error(ErrorCode::InvalidArgument,
              "[parameters] unknown parameter '" + std::string(name) + "'; known are: " + joined_names(names));
}

}  // namespace

const std::vector<ParameterInfo>& parameter_table() {
  static const std::vector<ParameterInfo> table = make_table();
  return table;
}

void set_parameter(GenerationParameters& parameters, std::string_view name, const std::string& value) {
  const ParameterInfo& info = find_parameter(name);
  rule_of(info).set(target_of(parameters, info), value);
  check(parameters, info);
}

std::string get_parameter(const GenerationParameters& parameters, const ParameterInfo& info) {
  GenerationParameters copy = parameters;
  return parameter_text(target_of(copy, info));
}

void check_parameters(const GenerationParameters& parameters) {
  for (const ParameterInfo& info : parameter_table()) check(parameters, info);
}

std::string parameters_to_json(const GenerationParameters& parameters) {
  nlohmann::ordered_json object;
  for (const ParameterInfo& info : parameter_table())
    std::visit([&](auto field) { object[info.name] = parameters.*field; }, info.field);
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

GenerationParameters parameters_from_json(std::string_view json) {
  const nlohmann::json object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) throw Error(ErrorCode::InvalidArgument, "[parameters] not a JSON object");
  GenerationParameters parameters;
  for (const auto& [name, value] : object.items()) {
    const ParameterInfo& info = find_parameter(name);
    rule_of(info).set(target_of(parameters, info), value);
    check(parameters, info);
  }
  return parameters;
}

std::string parameters_markdown() {
  std::string page =
      "# Generation parameters\n\nOne table in `src/request/parameter_table.cpp` declares them; this page is "
      "`easel parameters --markdown`.\n\n| name | flags | default | allowed | meaning |\n| --- | --- | --- | --- | --- "
      "|\n";
  GenerationParameters defaults;
  for (const ParameterInfo& info : parameter_table()) {
    std::string flags = "--" + std::string(info.name);
    std::replace(flags.begin(), flags.end(), '_', '-');
    for (const std::string& alias : info.aliases) flags += " " + alias;
    const std::string allowed = allowed_text(target_of(defaults, info), {info.low, info.high, info.choices}, info.unit);
    const std::string value = get_parameter(defaults, info);
    page += std::string("| `") + info.name + "` | `" + flags + "` | " + (value.empty() ? "" : "`" + value + "`") +
            " | " + allowed + " | " + info.help + " |\n";
  }
  return page;
}

}  // namespace easel
