// The infotext of the AUTOMATIC1111 webui (request/infotext.h), which many programs write.
#include <algorithm>
#include <array>

#include "diffusion/sigma_schedule.h"
#include "request/foreign/tools.h"
#include "request/infotext.h"
#include "request/parameter_table.h"

namespace easel {
namespace {

// What the table's rows do not say of a field: where its value is written in other words.
constexpr FieldName kOtherKeys[] = {{"Size-1", "width"},
                                    {"Size-2", "height"},
                                    {"Seed resize from-1", "seed_resize_width"},
                                    {"Seed resize from-2", "seed_resize_height"}};

struct Spelling {
  const char* field;
  const char* written;
  const char* value;
};
constexpr Spelling kSpellings[] = {{"RNG", "CPU", "torch"},
                                   {"RNG", "NV", "philox"},
                                   {"RNG", "GPU", "philox"},
                                   {"Emphasis", "Original", "webui"},
                                   {"Emphasis", "None", "none"},
                                   {"Masked content", "latent noise", "noise"},
                                   {"Masked content", "latent nothing", "nothing"},
                                   {"Inpaint area", "Only masked", "masked"},
                                   {"Inpaint area", "Whole picture", "whole"},
                                   {"Mask mode", "Inpaint masked", "false"},
                                   {"Mask mode", "Inpaint not masked", "true"},
                                   {"Tiling", "True", "both"},
                                   {"Tiling", "False", "none"}};

std::string value_of(const std::string& field, const std::string& written) {
  for (const Spelling& spelling : kSpellings)
    if (field == spelling.field && written == spelling.written) return spelling.value;
  return written;
}

const char* parameter_of(const std::string& field) {
  for (const auto& [key, parameter] : kOtherKeys)
    if (field == key) return parameter;
  if (field == "Mask mode") return "invert_mask";
  for (const auto& row : generation_table().rows())
    if (row.infotext_key != kNotRecorded && field == row.infotext_key) return row.name;
  return nullptr;
}

void import_field(Import& import, const std::string& field, const std::string& written) {
  if (field == "Model") return import.set_model(written);
  if (field == "Sampler") return import.set_sampler(written, field);
  if (field == "Schedule type") {
    const SigmaScheduleInfo* schedule = try_find_sigma_schedule(written);
    return import.set("schedule",
                      schedule                 ? std::string(schedule->name)
                      : written == "Automatic" ? "automatic"
                                               : written,
                      field);
  }
  const char* const parameter = parameter_of(field);
  parameter == nullptr ? import.leave_out(field) : import.set(parameter, value_of(field, written), field);
}

}  // namespace

std::optional<ImportedParameters> import_webui(const PictureMetadata& metadata) {
  if (metadata.parameters.empty()) return std::nullopt;
  const Infotext text = parse_infotext(metadata.parameters);
  Import import("webui");
  import.set("prompt", text.prompt, "prompt");
  if (!text.fields.empty()) import.set("negative_prompt", text.negative_prompt, "Negative prompt");
  for (const auto& [field, value] : text.fields) import_field(import, field, value);
  return import.take();
}

}  // namespace easel
