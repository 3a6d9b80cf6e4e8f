// parameters.h — what a picture is made from. The names are diffusers'; one table describes them all, and the command
// line, the JSON form and the documentation derive from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "easel/export.h"
#include "easel/picture.h"

namespace easel {

// What is made: `task` of the parameters. Each is a bit, for rows of the table that only some tasks read.
enum class Task : uint32_t {
  text_to_image = 1,
  image_to_image = 2,
  inpaint = 4,
  outpaint = 8,
  upscale = 16,
  denoise = 32,
  restore = 64,
  vary = 128,
  morph = 256
};

// Values are checked against the table's ranges when a picture is asked for (see Pipeline::generate).
struct GenerationParameters {
  // or "image_to_image", "inpaint", "outpaint", "upscale", "denoise", "restore", "vary", "morph"
  std::string task = "text_to_image";
  std::string prompt{};
  std::string negative_prompt{};
  int64_t num_inference_steps = 25;
  std::string sampler = "default";  // "default": the model's own scheduler
  std::string schedule = "automatic";
  double guidance_scale = -1.0;  // 1: no guidance, half the work; -1: the model's own
  double guidance_rescale = 0.0;
  int64_t seed = -1;                // -1: a random one, printed
  double variation_strength = 0.0;  // how far the noise is turned to the variation seed's
  int64_t variation_seed = -1;      // -1: a random one; counts up over a batch, whose seed stays
  int64_t seed_resize_width = 0;    // pixels; 0: the noise of the picture's own size
  int64_t seed_resize_height = 0;
  int64_t width = 0;   // pixels; 0: the size the model was trained on
  int64_t height = 0;  // pixels; 0: as width
  int64_t num_images = 1;
  int64_t clip_skip = 0;
  double eta = -1.0;  // -1: the sampler's own
  std::string rng = "torch";
  std::string prompt_weighting = "webui";
  std::string wildcards = "wildcards";  // folder of the lists that __name__ in a prompt draws from
  bool watermark = false;               // an invisible mark in what is made
  int64_t vae_band_rows = 0;
  double hires_scale = 1.0;               // a second pass at so many times the size; 1: none
  int64_t hires_steps = 0;                // 0: as many as num_inference_steps
  std::string hires_upscaler = "latent";  // "latent", "lanczos", or the file of an upscaling network
  std::string tile = "none";              // "x", "y", "both": opposite borders meet without a seam
  PictureInput image{};                   // what an edit starts from; the result has its size
  double strength = 0.75;                 // share of the steps that change it
  PictureInput mask{};                    // white: change, black: keep, grey: change in the last steps only
  std::string mask_box{};                 // "x,y,w,h" in pixels, instead of a mask
  bool invert_mask = false;
  int64_t mask_blur = 4;                             // pixels inside the mask's border over which old and new mix
  std::string inpaint_area = "whole";                // or "masked": the mask's surroundings alone, enlarged
  int64_t mask_padding = 32;                         // pixels of the surroundings
  std::string masked_content = "automatic";          // what the masked part starts from
  int64_t left = 0, right = 0, top = 0, bottom = 0;  // pixels that outpainting adds
  int64_t overlap = 16;                              // pixels inside the old border over which old and new mix
  double noise_sigma = -1.0;  // standard deviation of the noise to take out, of 255; -1: estimated
  int64_t noise_level = 20;   // of the small picture that an upscaling model sees
  double amount = 0.3;        // how far variations go from their picture
  PictureInput to_image{};    // what a morph ends at, as image is what it begins with
  std::string to_prompt{};    // as prompt
  int64_t to_seed = -1;       // as seed; -1: the same noise
  int64_t frames = 24;        // of a morph, its ends included
  double position = -1.0;     // one frame alone, at this share of the way; -1: all of them
};

// Which of a model's files to take, and where it runs.
struct LoadOptions {
  std::string device = "cpu";  // "cpu": Easel's own kernels; "torch:cpu", "torch:cuda": the LibTorch plug-in
  std::string variant{};       // of a folder's weight files: "fp16", "ema", …
  std::string prediction_type = "default";  // the model's, or "epsilon", "v_prediction", "sample"
  std::string vocabulary{};                 // folder with vocab.json and merges.txt, for models that bring none
};

enum class ParameterKind {
  text,     // any
  integer,  // within a range
  number,   // within a range
  flag,     // true or false
  choice,   // one of some names
  picture,  // a PNG, JPEG or WebP file
  list,     // of texts
  json,     // a JSON object, or the path of a file with one
};

// What a table says of a parameter, for help, forms and schemas.
struct ParameterInfo {
  std::string name;  // in C++, JSON and documentation; the flag is the same with '-' for '_'
  ParameterKind kind = ParameterKind::text;
  double low = 0, high = 0;          // range of an integer or a number, both ends allowed
  std::vector<std::string> choices;  // of a choice
  std::string unit;                  // "px", "steps", … or empty
  std::vector<std::string> aliases;  // further flags, as typed: "-p", "--steps"
  uint32_t tasks = 0;                // those that read it, a bit for each
  std::string default_text;
  std::string help;  // one sentence
};

// Every parameter, in the order in which help and documentation show them.
EASEL_API const std::vector<ParameterInfo>& parameter_table();

// Sets one parameter from text. Throws InvalidArgument: unknown name, not a number, out of range, not among the
// choices.
EASEL_API void set_parameter(GenerationParameters& parameters, std::string_view name, const std::string& value);
// The value as text, numbers in their shortest exact form. Throws InvalidArgument for an unknown name.
EASEL_API std::string get_parameter(const GenerationParameters& parameters, std::string_view name);
// Throws InvalidArgument for the first value outside its range or choices.
EASEL_API void check_parameters(const GenerationParameters& parameters);

// The task of a name. Throws InvalidArgument with the list.
EASEL_API Task parse_task(std::string_view name);
EASEL_API const char* task_name(Task task);

// JSON object with every parameter of its task under its name, and back. Unknown keys and values of the wrong type
// throw InvalidArgument.
EASEL_API std::string parameters_to_json(const GenerationParameters& parameters);
EASEL_API GenerationParameters parameters_from_json(std::string_view json);

// The tables as Markdown: the page docs/parameters.md.
EASEL_API std::string parameters_markdown();

}  // namespace easel
