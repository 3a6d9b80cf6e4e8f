// The table of generation parameters, and what derives from it without further knowledge of any parameter.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "diffusion/sampler_registry.h"
#include "diffusion/sigma_schedule.h"
#include "easel/error.h"
#include "easel/parameters.h"
#include "io/infotext.h"

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
       0,
       100,
       {},
       "",
       {"--cfg-scale"},
       "How strongly the picture follows the prompt; 1 switches guidance off and halves the work."},
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
       "webui: (word:1.2), [word], BREAK and prompts of any length; none: the text as it is, cut to 77 tokens."},
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

[[noreturn]] void fail(const ParameterInfo& info, const std::string& value, const std::string& allowed) {
  throw Error(ErrorCode::InvalidArgument, std::string("[parameters] ") + info.name + " = " + value + "; " + allowed);
}

template <typename Number>
Number parse_number(const ParameterInfo& info, const std::string& text, const char* wanted) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) fail(info, "'" + text + "'", wanted);
  return value;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void check_range(const ParameterInfo& info, double value) {
  if (!(value >= info.low && value <= info.high))
    fail(info, format_number(value), "must be " + format_number(info.low) + ".." + format_number(info.high));
}

// Samplers and schedules have aliases, so those two are resolved by their registries.
void check_choice(const ParameterInfo& info, const std::string& value) {
  if (info.choices.empty() || value == info.choices.front()) return;
  if (info.name == std::string_view("sampler")) return static_cast<void>(parse_sampler_name(value));
  if (info.name == std::string_view("schedule")) return static_cast<void>(find_sigma_schedule(value));
  for (const std::string& choice : info.choices)
    if (choice == value) return;
  fail(info, "'" + value + "'", "must be one of: " + joined(info.choices));
}

void check(const GenerationParameters& parameters, const ParameterInfo& info) {
  std::visit(
      [&](auto field) {
        const auto& value = parameters.*field;
        if constexpr (std::is_same_v<decltype(value), const std::string&>)
          check_choice(info, value);
        else
          check_range(info, static_cast<double>(value));
      },
      info.field);
}

const ParameterInfo& find_parameter(std::string_view name) {
  for (const ParameterInfo& info : parameter_table())
    if (name == info.name) return info;
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameter_table()) names.emplace_back(info.name);
  throw Error(ErrorCode::InvalidArgument,
              "[parameters] unknown parameter '" + std::string(name) + "'; known are: " + joined(names));
}

void set_from_json(GenerationParameters& parameters, const ParameterInfo& info, const nlohmann::json& value) {
  std::visit(
      [&](auto field) {
        auto& target = parameters.*field;
        if constexpr (std::is_same_v<decltype(target), std::string&>) {
          if (!value.is_string()) fail(info, value.dump(), "must be a string");
          target = value.get<std::string>();
        } else if constexpr (std::is_same_v<decltype(target), int64_t&>) {
          if (!value.is_number_integer()) fail(info, value.dump(), "must be an integer");
          target = value.get<int64_t>();
        } else {
          if (!value.is_number()) fail(info, value.dump(), "must be a number");
          target = value.get<double>();
        }
      },
      info.field);
  check(parameters, info);
}

}  // namespace

const std::vector<ParameterInfo>& parameter_table() {
  static const std::vector<ParameterInfo> table = make_table();
  return table;
}

void set_parameter(GenerationParameters& parameters, std::string_view name, const std::string& value) {
  const ParameterInfo& info = find_parameter(name);
  std::visit(
      [&](auto field) {
        auto& target = parameters.*field;
        if constexpr (std::is_same_v<decltype(target), std::string&>)
          target = value;
        else if constexpr (std::is_same_v<decltype(target), int64_t&>)
          target = parse_number<int64_t>(info, value, "must be an integer");
        else
          target = parse_number<double>(info, value, "must be a number");
      },
      info.field);
  check(parameters, info);
}

std::string get_parameter(const GenerationParameters& parameters, const ParameterInfo& info) {
  return std::visit(
      [&](auto field) -> std::string {
        const auto& value = parameters.*field;
        if constexpr (std::is_same_v<decltype(value), const std::string&>)
          return value;
        else if constexpr (std::is_same_v<decltype(value), const int64_t&>)
          return std::to_string(value);
        else
          return format_number(value);
      },
      info.field);
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
  for (const auto& [name, value] : object.items()) set_from_json(parameters, find_parameter(name), value);
  return parameters;
}

std::string parameters_markdown() {
  std::string page =
      "# Generation parameters\n\nOne table in `src/pipelines/parameter_table.cpp` declares them; this page is "
      "`easel parameters --markdown`.\n\n| name | flags | default | allowed | meaning |\n| --- | --- | --- | --- | --- "
      "|\n";
  const GenerationParameters defaults;
  for (const ParameterInfo& info : parameter_table()) {
    std::string flags = "--" + std::string(info.name);
    std::replace(flags.begin(), flags.end(), '_', '-');
    for (const std::string& alias : info.aliases) flags += " " + alias;
    const bool text = std::holds_alternative<std::string P::*>(info.field);
    const std::string range =
        format_number(info.low) + ".." + format_number(info.high) + (*info.unit ? " " : "") + info.unit;
    const std::string allowed = !text ? range : info.choices.empty() ? "any text" : joined(info.choices);
    const std::string value = get_parameter(defaults, info);
    page += std::string("| `") + info.name + "` | `" + flags + "` | " + (value.empty() ? "" : "`" + value + "`") +
            " | " + allowed + " | " + info.help + " |\n";
  }
  return page;
}

}  // namespace easel
