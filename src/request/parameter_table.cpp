// The table of generation parameters. Everything else about them derives from it.
#include "request/parameter_table.h"

#include "diffusion/sampler_registry.h"
#include "diffusion/sigma_schedule.h"
#include "easel/error.h"
#include "files/message_text.h"

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

const Choices kSamplers = {
    .listed = [] { return with_first("default", samplers()); },
    .understands = [](const std::string& name) { return try_parse_sampler_name(name).has_value(); }};
const Choices kSchedules = {
    .listed = [] { return with_first("automatic", sigma_schedules()); },
    .understands = [](const std::string& name) { return try_find_sigma_schedule(name) != nullptr; }};

std::string sampler_label(const P& p) {
  return p.sampler == "default" ? "" : parse_sampler_name(p.sampler).sampler->label;
}

std::string schedule_label(const P& p) {
  if (p.sampler == "default") return "";
  if (p.schedule != "automatic") return find_sigma_schedule(p.schedule).label;
  const SigmaScheduleInfo* of_sampler = parse_sampler_name(p.sampler).schedule;
  return of_sampler == nullptr ? "Automatic" : of_sampler->label;
}

// clang-format off
const std::vector<ParameterRow<P>> kRows = {
  {.name = "prompt", .field = &P::prompt, .aliases = {"-p"}, .infotext_key = kNotRecorded,
   .help = "What the picture shows."},
  {.name = "negative_prompt", .field = &P::negative_prompt, .infotext_key = kNotRecorded,
   .help = "What the picture should not show."},
  {.name = "num_inference_steps", .field = &P::num_inference_steps, .range = between(1, 1000), .unit = "steps",
   .aliases = {"--steps"}, .infotext_key = "Steps", .help = "Number of denoising steps."},
  {.name = "sampler", .field = &P::sampler, .choices = kSamplers, .aliases = {"--sampling-method"},
   .infotext_key = "Sampler", .infotext_value = sampler_label,
   .help = "Solver; default takes the model's own scheduler. The webui's and diffusers' names are understood too."},
  {.name = "schedule", .field = &P::schedule, .choices = kSchedules, .aliases = {"--scheduler"},
   .infotext_key = "Schedule type", .infotext_value = schedule_label,
   .help = "Noise levels of the steps; automatic takes the one that belongs to the sampler."},
  {.name = "guidance_scale", .field = &P::guidance_scale, .range = between(-1, 100), .aliases = {"--cfg-scale"},
   .infotext_key = "CFG scale",
   .help = "How strongly the picture follows the prompt; 1 switches guidance off and halves the work, -1 takes the "
           "value that the model's model_index.json names, else 7.5."},
  {.name = "guidance_rescale", .field = &P::guidance_rescale, .range = between(0, 1), .infotext_key = "CFG rescale",
   .infotext_value = [](const P& p) { return p.guidance_rescale > 0 ? format_number(p.guidance_rescale) : ""; },
   .help = "Share of the guided prediction that is rescaled to the unguided contrast (Lin et al. 2023, section 3.4)."},
  {.name = "seed", .field = &P::seed, .range = between(-1, kMaxSeed), .aliases = {"-s"}, .infotext_key = "Seed",
   .help = "Start of the random numbers; -1 takes a random one, which is printed."},
  {.name = "width", .field = &P::width, .range = between(0, 16384), .unit = "px", .aliases = {"-W"},
   .infotext_key = "Size",
   .infotext_value = [](const P& p) { return std::to_string(p.width) + "x" + std::to_string(p.height); },
   .help = "Width of the picture; 0 takes the size the model was trained on."},
  {.name = "height", .field = &P::height, .range = between(0, 16384), .unit = "px", .aliases = {"-H"},
   .infotext_key = kNotRecorded,  // Size has both
   .help = "Height of the picture; 0 takes the size the model was trained on."},
  {.name = "num_images", .field = &P::num_images, .range = between(1, 64), .aliases = {"-n", "-b", "--batch-count"},
   .infotext_key = kNotRecorded,  // each picture tells of itself
   .help = "Number of pictures, made as one batch; picture i has the seed plus i."},
  {.name = "clip_skip", .field = &P::clip_skip, .range = between(0, 12), .unit = "layers",
   .infotext_key = "Clip skip",
   .infotext_value = [](const P& p) { return p.clip_skip > 0 ? std::to_string(p.clip_skip) : ""; },
   .help = "Which layer of the text encoder counts: 1 the last, 2 the last but one; 0 takes the model's own."},
  {.name = "eta", .field = &P::eta, .range = between(-1, 1), .infotext_key = "Eta",
   .infotext_value = [](const P& p) { return p.eta >= 0 ? format_number(p.eta) : ""; },
   .help = "Share of fresh noise in each step: 0 solves the deterministic equation, 1 the stochastic one; -1 takes the "
           "sampler's own."},
  {.name = "rng", .field = &P::rng, .choices = {{"torch", "philox"}}, .infotext_key = "RNG",
   .infotext_value = [](const P& p) -> std::string { return p.rng == "torch" ? "CPU" : "NV"; },
   .help = "Stream of random numbers: torch as PyTorch on a CPU, philox as PyTorch on a GPU."},
  {.name = "prompt_weighting", .field = &P::prompt_weighting, .choices = {{"webui", "none"}},
   .infotext_key = "Emphasis",
   .infotext_value = [](const P& p) -> std::string { return p.prompt_weighting == "none" ? "None" : ""; },
   .help = "webui: (word:1.2), [word], BREAK and prompts of any length; none: the text as it is, cut to one row of "
           "tokens, 77 for CLIP."},
  {.name = "vae_band_rows", .field = &P::vae_band_rows, .range = between(0, 16384), .unit = "px",
   .infotext_key = kNotRecorded,  // the picture is the same
   .help = "Decode the picture in bands of this many rows, which needs less memory and gives the same picture; 0 "
           "decodes it at once."},
};
// clang-format on

}  // namespace

const ParameterTable<GenerationParameters>& generation_table() {
  static const ParameterTable<GenerationParameters> table("parameters", kRows);
  return table;
}

const std::vector<ParameterInfo>& parameter_table() {
  static const std::vector<ParameterInfo> infos = generation_table().describe();
  return infos;
}

void set_parameter(GenerationParameters& parameters, std::string_view name, const std::string& value) {
  generation_table().set(parameters, name, value);
}

std::string get_parameter(const GenerationParameters& parameters, std::string_view name) {
  return parameter_text(generation_table().find(name).source(parameters));
}

void check_parameters(const GenerationParameters& parameters) { generation_table().check(parameters); }

std::string parameters_to_json(const GenerationParameters& parameters) {
  return generation_table().to_json(parameters).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

GenerationParameters parameters_from_json(std::string_view json) {
  const nlohmann::json object = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) throw Error(ErrorCode::InvalidArgument, "[parameters] not a JSON object");
  return generation_table().from_json(object);
}

}  // namespace easel
