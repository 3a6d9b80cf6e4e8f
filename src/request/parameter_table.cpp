// The table of generation parameters. Everything else about them derives from it.
#include "request/parameter_table.h"

#include <utility>

#include "diffusion/sampler_registry.h"
#include "diffusion/sigma_schedule.h"
#include "easel/error.h"
#include "files/file_hash.h"
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

// Ten digits of the SHA-256 of its size and pixels; empty where it is not given.
std::string picture_hash(const PictureInput& input) {
  if (!input.given()) return "";
  const Picture& picture = input.picture;
  const std::string size = std::to_string(picture.width_px) + "x" + std::to_string(picture.height_px) + "x" +
                           std::to_string(picture.channels) + "\n";
  return sha256(size + std::string(picture.pixels.begin(), picture.pixels.end())).substr(0, 10);
}

std::string given_pixels(int64_t pixels) { return pixels == 0 ? "" : std::to_string(pixels); }

std::string given_hires(const P& p, const std::string& value) { return p.hires_scale > 1 ? value : ""; }

constexpr uint32_t bit(Task task) { return static_cast<uint32_t>(task); }
constexpr uint32_t kFromWords = bit(Task::text_to_image);
constexpr uint32_t kInpaint = bit(Task::inpaint);
constexpr uint32_t kOutpaint = bit(Task::outpaint);
constexpr uint32_t kChangesPicture = bit(Task::image_to_image) | kInpaint;
constexpr uint32_t kUpscale = bit(Task::upscale), kDenoise = bit(Task::denoise), kRestore = bit(Task::restore);
constexpr uint32_t kVary = bit(Task::vary), kMorph = bit(Task::morph);
constexpr uint32_t kFromPicture = kChangesPicture | kOutpaint | kUpscale | kDenoise | kRestore | kVary | kMorph;
// Where the noise is that of the seed, not one that a picture was led back to.
constexpr uint32_t kFromSeed = kEveryTask & ~(kVary | kMorph);

// clang-format off
const std::vector<ParameterRow<P>> kRows = {
  {.name = "task", .field = &P::task, .choices = {{"text_to_image", "image_to_image", "inpaint", "outpaint", "upscale", "denoise", "restore", "vary", "morph"}},
   .infotext_key = kNotRecorded, .help = "What is made: from words, from a picture, in a part of a picture, around it; the picture larger, without its "
           "noise, without its damage; others like it, or the way to another one."},
  {.name = "image", .field = &P::image, .aliases = {"-i", "--init-img"}, .tasks = kFromPicture,
   .infotext_key = "Init image hash",
   .infotext_value = [](const P& p) { return picture_hash(p.image); }, .help = "Picture to start from, of any size; what is made has the same, and what outpainting adds."},
  {.name = "mask", .field = &P::mask, .tasks = kInpaint | kRestore, .infotext_key = "Mask hash",
   .infotext_value = [](const P& p) { return picture_hash(p.mask); },
   .help = "Picture whose white is changed and whose black is kept; grey is changed in the last steps only. Without one, "
           "what is transparent in the image is changed."},
  {.name = "mask_box", .field = &P::mask_box, .tasks = kInpaint | kRestore, .infotext_key = "Mask box",
   .help = "A box to change instead of a mask: x,y,width,height in pixels from the upper left."},
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
  {.name = "variation_strength", .field = &P::variation_strength, .range = between(0, 1), .tasks = kFromSeed,
   .infotext_key = "Variation seed strength",
   .infotext_value = [](const P& p) { return p.variation_strength > 0 ? format_number(p.variation_strength) : ""; },
   .help = "How far the noise is turned from the seed's to the variation seed's: small values give pictures alike."},
  {.name = "variation_seed", .field = &P::variation_seed, .range = between(-1, kMaxSeed), .tasks = kFromSeed,
   .infotext_key = "Variation seed",
   .infotext_value = [](const P& p) { return p.variation_strength > 0 ? std::to_string(p.variation_seed) : ""; },
   .help = "Seed of the noise that is mixed in; picture i of several takes it plus i, all with the same seed; -1 takes a "
           "random one."},
  {.name = "seed_resize_width", .field = &P::seed_resize_width, .range = between(0, 16384), .unit = "px",
   .tasks = kFromSeed, .infotext_key = "Seed resize from",
   .infotext_value = [](const P& p) {
     return p.seed_resize_width > 0 && p.seed_resize_height > 0
                ? std::to_string(p.seed_resize_width) + "x" + std::to_string(p.seed_resize_height) : ""; },
   .help = "Width of the picture whose noise the middle has, so that a seed keeps its composition in another size; 0: off."},
  {.name = "seed_resize_height", .field = &P::seed_resize_height, .range = between(0, 16384), .unit = "px",
   .tasks = kFromSeed, .infotext_key = kNotRecorded,  // Seed resize from has both
   .help = "Height of the picture whose noise the middle has; 0: off."},
  {.name = "width", .field = &P::width, .range = between(0, 16384), .unit = "px", .aliases = {"-W"},
   .tasks = kFromWords | kMorph, .infotext_key = "Size",
   .infotext_value = [](const P& p) { return std::to_string(p.width) + "x" + std::to_string(p.height); },
   .help = "Width of the picture; 0 takes the size the model was trained on."},
  {.name = "height", .field = &P::height, .range = between(0, 16384), .unit = "px", .aliases = {"-H"},
   .tasks = kFromWords | kMorph, .infotext_key = kNotRecorded,  // Size has both
   .help = "Height of the picture; 0 takes the size the model was trained on."},
  {.name = "num_images", .field = &P::num_images, .range = between(1, 64), .aliases = {"-n", "-b", "--batch-count", "--samples"},
   .tasks = kEveryTask & ~kMorph,
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
   .help = "webui: (word:1.2), [from:to:0.5], [a|b], AND, {a|b}, __list__ and prompts of any length; none: the text as "
           "it is, cut to one row of tokens, 77 for CLIP."},
  {.name = "wildcards", .field = &P::wildcards, .infotext_key = kNotRecorded,
   .help = "Folder of the lists that __name__ in a prompt draws from: name.txt, a text on each line."},
  {.name = "hires_scale", .field = &P::hires_scale, .range = between(1, 8), .aliases = {"--hires"}, .tasks = kFromWords,
   .infotext_key = "Hires upscale", .infotext_value = [](const P& p) { return given_hires(p, format_number(p.hires_scale)); },
   .help = "Makes the picture so many times larger and goes over it a second time, at the strength; 1 does not."},
  {.name = "hires_steps", .field = &P::hires_steps, .range = between(0, 1000), .unit = "steps", .tasks = kFromWords,
   .infotext_key = "Hires steps",
   .infotext_value = [](const P& p) { return given_hires(p, p.hires_steps > 0 ? std::to_string(p.hires_steps) : ""); },
   .help = "Steps of the second pass, all of them taken; 0: as many as the first takes."},
  {.name = "hires_upscaler", .field = &P::hires_upscaler, .tasks = kFromWords, .infotext_key = "Hires upscaler",
   .infotext_value = [](const P& p) { return given_hires(p, p.hires_upscaler); },
   .help = "How the first picture is enlarged: latent (its latents), lanczos, or the file of an upscaling network."},
  {.name = "strength", .field = &P::strength, .range = between(0, 1), .tasks = kChangesPicture | kFromWords,
   .infotext_key = "Denoising strength",
   .infotext_value = [](const P& p) {
     return p.task == "text_to_image" ? given_hires(p, format_number(p.strength)) : format_number(p.strength); },
   .help = "Share of the steps that change the picture: 0 leaves it, 1 starts from noise. From words: of the second pass."},
  {.name = "invert_mask", .field = &P::invert_mask, .tasks = kInpaint, .infotext_key = "Inpaint area inverted",
   .infotext_value = [](const P& p) -> std::string { return p.invert_mask ? "True" : ""; },
   .help = "Change what the mask keeps, and keep what it changes."},
  {.name = "mask_blur", .field = &P::mask_blur, .range = between(0, 256), .unit = "px", .tasks = kInpaint,
   .infotext_key = "Mask blur",
   .help = "How far inside the mask's border old and new mix; nothing outside the mask changes."},
  {.name = "inpaint_area", .field = &P::inpaint_area, .choices = {{"whole", "masked"}}, .tasks = kInpaint,
   .infotext_key = "Inpaint area",
   .infotext_value = [](const P& p) -> std::string { return p.inpaint_area == "masked" ? "Only masked" : ""; },
   .help = "masked works on the mask's surroundings alone, enlarged to what the model draws best; whole on the picture."},
  {.name = "mask_padding", .field = &P::mask_padding, .range = between(0, 4096), .unit = "px", .tasks = kInpaint,
   .infotext_key = "Masked area padding",
   .infotext_value = [](const P& p) { return p.inpaint_area == "masked" ? std::to_string(p.mask_padding) : ""; },
   .help = "How much around the mask belongs to its surroundings."},
  {.name = "masked_content", .field = &P::masked_content, .choices = {{"automatic", "original", "fill", "patches", "noise", "nothing"}},
   .tasks = kInpaint, .infotext_key = "Masked content",
   .infotext_value = [](const P& p) { 
     const bool original = p.masked_content == "original" || (p.masked_content == "automatic" && !p.prompt.empty());
     return original ? "" : p.masked_content; },
   .help = "What the masked part starts from: the original, a smooth fill, patches of the surroundings, noise, or nothing. "
           "Patches without any prompt are the result: what was there is gone. automatic: patches without any prompt (unless "
           "the model was made for inpainting), else the original."},
  {.name = "left", .field = &P::left, .range = between(0, 8192), .unit = "px", .tasks = kOutpaint,
   .infotext_key = "Outpaint left", .infotext_value = [](const P& p) { return given_pixels(p.left); },
   .help = "Pixels to add at the left."},
  {.name = "right", .field = &P::right, .range = between(0, 8192), .unit = "px", .tasks = kOutpaint,
   .infotext_key = "Outpaint right", .infotext_value = [](const P& p) { return given_pixels(p.right); },
   .help = "Pixels to add at the right."},
  {.name = "top", .field = &P::top, .range = between(0, 8192), .unit = "px", .tasks = kOutpaint,
   .infotext_key = "Outpaint top", .infotext_value = [](const P& p) { return given_pixels(p.top); },
   .help = "Pixels to add at the top."},
  {.name = "bottom", .field = &P::bottom, .range = between(0, 8192), .unit = "px", .tasks = kOutpaint,
   .infotext_key = "Outpaint bottom", .infotext_value = [](const P& p) { return given_pixels(p.bottom); },
   .help = "Pixels to add at the bottom."},
  {.name = "overlap", .field = &P::overlap, .range = between(0, 256), .unit = "px", .tasks = kOutpaint,
   .infotext_key = "Outpaint overlap",
   .help = "How far inside the old border old and new mix; farther inside every byte stays."},
  {.name = "noise_sigma", .field = &P::noise_sigma, .range = between(-1, 255), .aliases = {"--sigma"}, .tasks = kDenoise,
   .infotext_key = "Noise sigma",
   .help = "Standard deviation of the noise to take out, of 255; -1 estimates it."},
  {.name = "noise_level", .field = &P::noise_level, .range = between(0, 999), .tasks = kUpscale,
   .infotext_key = "Noise level",
   .help = "How much noise is put on the small picture: more leaves more to the model's invention."},
  {.name = "amount", .field = &P::amount, .range = between(0, 1), .tasks = kVary, .infotext_key = "Variation amount",
   .help = "How far the variations go from the picture: 0 is the picture as the model sees it, 1 one of the prompt alone."},
  {.name = "to_image", .field = &P::to_image, .tasks = kMorph, .infotext_key = "To image hash",
   .infotext_value = [](const P& p) { return picture_hash(p.to_image); },
   .help = "Picture that the morph ends at, of the shape of the first."},
  {.name = "to_prompt", .field = &P::to_prompt, .tasks = kMorph, .infotext_key = "To prompt",
   .help = "What the last frame shows, as the prompt tells of the first."},
  {.name = "to_seed", .field = &P::to_seed, .range = between(-1, kMaxSeed), .tasks = kMorph, .infotext_key = "To seed",
   .infotext_value = [](const P& p) { return p.to_seed < 0 ? "" : std::to_string(p.to_seed); },
   .help = "Seed of the last frame; -1: that of the first, whose composition stays."},
  {.name = "frames", .field = &P::frames, .range = between(1, 1000), .tasks = kMorph, .infotext_key = "Frames",
   .help = "Number of frames, the first and the last included."},
  {.name = "position", .field = &P::position, .range = between(-1, 1), .tasks = kMorph, .infotext_key = "Morph position",
   .infotext_value = [](const P& p) { return p.position < 0 ? "" : format_number(p.position); },
   .help = "One frame alone, at this share of the way; -1 makes all of them."},
  {.name = "watermark", .field = &P::watermark, .infotext_key = kNotRecorded,  // it is in the pixels
   .help = "Put an invisible mark into what is made, which JPEG and crops leave (easel picture watermark finds it)."},
  {.name = "tile", .field = &P::tile, .choices = {{"none", "x", "y", "both"}}, .infotext_key = "Tiling",
   .infotext_value = [](const P& p) -> std::string { return p.tile == "none" ? "" : p.tile == "both" ? "True" : p.tile; },
   .help = "Along which axes the borders meet without a seam, for textures: x, y, both."},
  {.name = "vae_band_rows", .field = &P::vae_band_rows, .range = between(0, 16384), .unit = "px",
   .infotext_key = kNotRecorded,  // the picture is the same
   .help = "Decode the picture in bands of this many rows, which needs less memory and gives the same picture; 0 "
           "decodes it at once."},
};
// clang-format on

constexpr std::pair<Task, const char*> kTasks[] = {{Task::text_to_image, "text_to_image"},
                                                   {Task::image_to_image, "image_to_image"},
                                                   {Task::inpaint, "inpaint"},
                                                   {Task::outpaint, "outpaint"},
                                                   {Task::upscale, "upscale"},
                                                   {Task::denoise, "denoise"},
                                                   {Task::restore, "restore"},
                                                   {Task::vary, "vary"},
                                                   {Task::morph, "morph"}};

const char* name_of_task(uint32_t task) { return task_name(static_cast<Task>(task)); }

}  // namespace

const char* task_name(Task task) {
  for (const auto& [known, name] : kTasks)
    if (known == task) return name;
  return "any task";
}

Task parse_task(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& [task, known] : kTasks) {
    if (name == known) return task;
    names.emplace_back(known);
  }
  throw Error(ErrorCode::InvalidArgument, "[parameters] task = " + std::string(name) + "; must be one of " +
                                              joined_names(names) + suggestion(name, names));
}

const ParameterTable<GenerationParameters>& generation_table() {
  static const ParameterTable<GenerationParameters> table("parameters", kRows, name_of_task);
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
  return generation_table()
      .to_json(parameters, bit(parse_task(parameters.task)))
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

GenerationParameters parameters_from_json(std::string_view json) {
  const nlohmann::json object = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) throw Error(ErrorCode::InvalidArgument, "[parameters] not a JSON object");
  const auto task = object.find("task");
  const bool named = task != object.end() && task->is_string();
  return generation_table().from_json(object, bit(parse_task(named ? task->get<std::string>() : "text_to_image")));
}

}  // namespace easel
