// parameters.h — what a picture is made from. The names are diffusers'; one table describes them all, and the command
// line, the JSON form and the documentation derive from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "easel/export.h"

namespace easel {

// Values are checked against the table's ranges when a picture is asked for (see Pipeline::generate).
struct GenerationParameters {
  std::string prompt;
  std::string negative_prompt;
  int64_t width = 0;   // pixels; 0: the size the model was trained on
  int64_t height = 0;  // pixels; 0: as width
  int64_t num_inference_steps = 25;
  double guidance_scale = -1.0;  // 1: no guidance, half the work; -1: the model's own
  double guidance_rescale = 0.0;
  std::string sampler = "default";  // "default": the model's own scheduler
  std::string schedule = "automatic";
  double eta = -1.0;  // -1: the sampler's own
  int64_t seed = -1;  // -1: a random one, printed
  std::string rng = "torch";
  int64_t num_images = 1;
  int64_t clip_skip = 0;
  std::string prompt_weighting = "webui";
  int64_t vae_band_rows = 0;
};

struct EASEL_API ParameterInfo {
  using Field = std::variant<std::string GenerationParameters::*, int64_t GenerationParameters::*,
                             double GenerationParameters::*>;

  const char* name;  // in C++, JSON and documentation; the flag is the same with '-' for '_'
  Field field;
  double low, high;                  // range of a number, both ends allowed; unused for text
  std::vector<std::string> choices;  // allowed values of a text; empty: any
  const char* unit;                  // "px", "steps", … or ""
  std::vector<std::string> aliases;  // further flags, as typed: "-p", "--steps"
  const char* help;                  // one sentence
};

// Every parameter, in the order in which help and documentation show them.
EASEL_API const std::vector<ParameterInfo>& parameter_table();

// Sets one parameter from text. Throws InvalidArgument: unknown name, not a number, out of range, not among the
// choices.
EASEL_API void set_parameter(GenerationParameters& parameters, std::string_view name, const std::string& value);
// The value as text, numbers in their shortest exact form.
EASEL_API std::string get_parameter(const GenerationParameters& parameters, const ParameterInfo& info);
// Throws InvalidArgument for the first value outside its range or choices.
EASEL_API void check_parameters(const GenerationParameters& parameters);

// JSON object with every parameter under its name, and back. Unknown keys and values of the wrong type throw
// InvalidArgument.
EASEL_API std::string parameters_to_json(const GenerationParameters& parameters);
EASEL_API GenerationParameters parameters_from_json(std::string_view json);

// The table as Markdown: the page docs/parameters.md.
EASEL_API std::string parameters_markdown();

}  // namespace easel
