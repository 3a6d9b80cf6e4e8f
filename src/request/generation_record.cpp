#include "request/generation_record.h"

#include "diffusion/sampler_registry.h"
#include "easel/version.h"
#include "request/infotext.h"

namespace easel {

std::string generation_infotext(const GenerationParameters& parameters, const ModelIdentity& model) {
  Infotext text{.prompt = parameters.prompt, .negative_prompt = parameters.negative_prompt, .fields = {}};
  const auto add = [&](const char* key, const std::string& value) { text.fields.emplace_back(key, value); };
  add("Steps", std::to_string(parameters.num_inference_steps));
  if (parameters.sampler != "default") {
    const SamplerChoice choice = parse_sampler_name(parameters.sampler);
    add("Sampler", choice.sampler->label);
    if (parameters.schedule != "automatic")
      add("Schedule type", find_sigma_schedule(parameters.schedule).label);
    else
      add("Schedule type", choice.schedule == nullptr ? "Automatic" : choice.schedule->label);
  }
  add("CFG scale", format_number(parameters.guidance_scale));
  add("Seed", std::to_string(parameters.seed));
  add("Size", std::to_string(parameters.width) + "x" + std::to_string(parameters.height));
  if (!model.hash.empty()) add("Model hash", model.hash);
  add("Model", model.name);
  if (parameters.clip_skip > 0) add("Clip skip", std::to_string(parameters.clip_skip));
  if (parameters.eta >= 0) add("Eta", format_number(parameters.eta));
  add("RNG", parameters.rng == "torch" ? "CPU" : "NV");
  add("Version", std::string("Easel ") + kVersion);
  return format_infotext(text);
}

}  // namespace easel
