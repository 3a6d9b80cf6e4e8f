// Programs that write one JSON object of named values: InvokeAI, SwarmUI, Fooocus, NovelAI.
#include <algorithm>
#include <charconv>
#include <set>

#include "files/message_text.h"
#include "request/foreign/tools.h"

namespace easel {
namespace {

using Json = nlohmann::json;

// Fields that say nothing that a parameter could, or that others say as well.
using Known = std::set<std::string>;

void leave_out_others(Import& import, const Json& object, std::span<const FieldName> names, const Known& known) {
  for (const auto& item : object.items()) {
    const std::string& field = item.key();
    const Json& value = item.value();
    const bool named = std::ranges::any_of(names, [&](const FieldName& name) { return field == name.field; });
    const bool empty =
        value.is_null() || value == Json::array() || value == Json::object() || value == "" || value == false;
    if (!named && !empty && !known.contains(field)) import.leave_out(field);
  }
}

std::string text_in(const Json& object, const char* field) {
  const auto value = object.find(field);
  return value != object.end() && value->is_string() ? value->get<std::string>() : "";
}

constexpr FieldName kInvokeAi[] = {{"positive_prompt", "prompt"},
                                   {"negative_prompt", "negative_prompt"},
                                   {"steps", "num_inference_steps"},
                                   {"cfg_scale", "guidance_scale"},
                                   {"cfg_rescale_multiplier", "guidance_rescale"},
                                   {"seed", "seed"},
                                   {"width", "width"},
                                   {"height", "height"},
                                   {"strength", "strength"}};

constexpr FieldName kSwarmUi[] = {{"prompt", "prompt"},
                                  {"negativeprompt", "negative_prompt"},
                                  {"steps", "num_inference_steps"},
                                  {"cfgscale", "guidance_scale"},
                                  {"seed", "seed"},
                                  {"width", "width"},
                                  {"height", "height"},
                                  {"variationseed", "variation_seed"},
                                  {"variationseedstrength", "variation_strength"},
                                  {"initimagecreativity", "strength"}};

constexpr FieldName kFooocus[] = {{"prompt", "prompt"},
                                  {"negative_prompt", "negative_prompt"},
                                  {"steps", "num_inference_steps"},
                                  {"guidance_scale", "guidance_scale"},
                                  {"seed", "seed"}};

constexpr FieldName kNovelAi[] = {{"steps", "num_inference_steps"},
                                  {"scale", "guidance_scale"},
                                  {"cfg_rescale", "guidance_rescale"},
                                  {"seed", "seed"},
                                  {"width", "width"},
                                  {"height", "height"},
                                  {"strength", "strength"}};

// "(1152, 896)".
void set_resolution(Import& import, const std::string& text) {
  const auto number_at = [&](size_t at) {
    const size_t begin = text.find_first_of("0123456789", at);
    return begin == text.npos ? std::string() : text.substr(begin, text.find_first_not_of("0123456789", begin) - begin);
  };
  const size_t comma = std::min(text.find_first_of(",x"), text.size());
  if (number_at(0).empty() || number_at(comma).empty()) return import.leave_out("resolution");
  import.set("width", number_at(0), "resolution");
  import.set("height", number_at(comma), "resolution");
}

// NovelAI's {word} and [word], 1.05 times more and less, in the webui's brackets; its round ones mean themselves.
std::string webui_brackets(const std::string& prompt) {
  if (prompt.find_first_of("{}[]()") == prompt.npos) return prompt;
  std::string text;
  for (const char c : prompt) switch (c) {
      case '{':
      case '[': text += '('; break;
      case '}': text += ":1.05)"; break;
      case ']': text += ":0.952)"; break;
      case '(':
      case ')': text += '\\'; [[fallthrough]];
      default: text += c;
    }
  return text;
}

}  // namespace

std::optional<ImportedParameters> import_invokeai(const PictureMetadata& metadata) {
  const Json object = parse_object(text_of(metadata, "invokeai_metadata"));
  if (object.is_null()) return std::nullopt;
  Import import("InvokeAI");
  import.set_fields(object, kInvokeAi);
  import.set_sampler(object.value("scheduler", Json()), "scheduler");
  const Json clip_skip = object.value("clip_skip", Json());  // layers left out
  if (clip_skip.is_number_integer() && clip_skip > 0)
    import.set("clip_skip", clip_skip.get<int64_t>() + 1, "clip_skip");
  if (object.value("rand_device", Json()) == "cuda") import.set("rng", "philox", "rand_device");
  const Json model = object.value("model", Json());
  if (model.is_object()) import.set_model(text_in(model, model.contains("name") ? "name" : "model_name"));
  leave_out_others(import, object, kInvokeAi,
                   {"generation_mode", "app_version", "rand_device", "scheduler", "model", "clip_skip"});
  return import.take();
}

std::optional<ImportedParameters> import_swarmui(const PictureMetadata& metadata) {
  const Json object = parse_object(metadata.parameters);
  if (object.is_null() || !object.contains("sui_image_params") || !object["sui_image_params"].is_object())
    return std::nullopt;
  const Json& values = object["sui_image_params"];
  Import import("SwarmUI");
  import.set_fields(values, kSwarmUi);
  import.set_sampler(values.value("sampler", Json()), "sampler");
  const std::string schedule = text_in(values, "scheduler");
  if (!schedule.empty()) import.set("schedule", schedule, "scheduler");
  const Json stop = values.value("clipstopatlayer", Json());  // -2: the last layer but one
  if (stop.is_number_integer() && stop < 0) import.set("clip_skip", -stop.get<int64_t>(), "clipstopatlayer");
  import.set_model(text_in(values, "model"));
  leave_out_others(import, values, kSwarmUi,
                   {"sampler", "scheduler", "clipstopatlayer", "model", "aspectratio", "swarm_version", "images"});
  return import.take();
}

std::optional<ImportedParameters> import_fooocus(const PictureMetadata& metadata) {
  const Json object = parse_object(metadata.parameters);
  const bool own = text_of(metadata, "fooocus_scheme") == "fooocus" ||
                   text_in(object.is_null() ? Json::object() : object, "version").starts_with("Fooocus");
  if (object.is_null() || !own) return std::nullopt;
  Import import("Fooocus");
  import.set_fields(object, kFooocus);
  import.set_sampler(object.value("sampler", Json()), "sampler");
  const std::string schedule = text_in(object, "scheduler");
  if (!schedule.empty()) import.set("schedule", schedule, "scheduler");
  if (object.contains("resolution")) set_resolution(import, text_in(object, "resolution"));
  import.set_model(text_in(object, "base_model"));
  leave_out_others(import, object, kFooocus,
                   {"sampler", "scheduler", "resolution", "base_model", "metadata_scheme", "version", "created_by"});
  return import.take();
}

std::optional<ImportedParameters> import_novelai(const PictureMetadata& metadata) {
  const Json object = parse_object(text_of(metadata, "Comment"));
  if (object.is_null() || !text_of(metadata, "Software").starts_with("NovelAI")) return std::nullopt;
  Import import("NovelAI");
  const std::string& description = text_of(metadata, "Description");
  import.set("prompt", webui_brackets(description.empty() ? text_in(object, "prompt") : description), "Description");
  import.set("negative_prompt", webui_brackets(text_in(object, "uc")), "uc");
  import.set_fields(object, kNovelAi);
  import.set_sampler(object.value("sampler", Json()), "sampler");
  const std::string schedule = text_in(object, "noise_schedule");
  if (!schedule.empty() && schedule != "native") import.set("schedule", schedule, "noise_schedule");
  import.set_model(text_of(metadata, "Source"));
  leave_out_others(import, object, kNovelAi,
                   {"prompt", "uc", "sampler", "noise_schedule", "n_samples", "signed_hash", "request_type"});
  return import.take();
}

}  // namespace easel
