#include "request/foreign/imported_parameters.h"

#include <algorithm>

#include "diffusion/sampler_registry.h"
#include "diffusion/sigma_schedule.h"
#include "easel/error.h"
#include "files/message_text.h"
#include "files/quoted_text.h"
#include "pictures/metadata/hidden_text.h"
#include "request/foreign/tools.h"
#include "request/parameter_table.h"

namespace easel {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::optional<ImportedParameters> (*kReaders[])(const PictureMetadata&) = {
    import_swarmui, import_fooocus, import_novelai, import_invokeai, import_comfyui, import_webui};

std::optional<ImportedParameters> read_account(const PictureMetadata& metadata) {
  if (!metadata.json.empty()) {
    const Json own = Json::parse(metadata.json, nullptr, /*allow_exceptions=*/false);
    ImportedParameters imported;
    imported.tool = "Easel";
    imported.parameters = own;
    if (own.is_object()) return imported;
  }
  for (const auto reader : kReaders)
    if (std::optional<ImportedParameters> imported = reader(metadata)) return imported;
  return std::nullopt;
}

// What was hidden in the pixels, as if it stood in the file: an infotext, or a JSON object of texts by keyword.
PictureMetadata metadata_of_hidden(const std::string& text) {
  PictureMetadata metadata;
  const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    metadata.parameters = text;
    return metadata;
  }
  for (const auto& [key, value] : object.items())
    metadata.text[key] = value.is_string() ? value.get<std::string>() : value.dump();
  return metadata;
}

[[noreturn]] void fail_nothing_told(const PictureMetadata& metadata, const std::string& name) {
  std::vector<std::string> texts;
  for (const auto& [keyword, text] : metadata.text) texts.push_back(quoted_text(keyword));
  throw Error(ErrorCode::NotFound, "[generate] " + name + " tells no parameters; " +
                                       (texts.empty() ? "it has no texts" : "its texts are " + joined_names(texts)));
}

}  // namespace

void Import::set(const char* name, const nlohmann::json& value, const std::string& field) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  try {
    // Numbers may come as texts and texts as numbers: what the table reads from a flag.
    set_parameter(scratch_, name, text);
    imported_.parameters[name] = parameter_json(generation_table().find(name).source(scratch_));
  } catch (const Error&) {
    imported_.refused.emplace_back(field, text);
    imported_.unused.push_back(field);
  }
}

void Import::set_sampler(const nlohmann::json& name, const std::string& field) {
  std::string text = name.is_string() ? name.get<std::string>() : name.is_null() ? "" : name.dump();
  if (text.empty()) return;
  constexpr std::string_view kOnGpu = "_gpu";  // where ComfyUI draws the solver's noise
  if (text.ends_with(kOnGpu)) text.resize(text.size() - kOnGpu.size());
  const std::optional<SamplerChoice> choice = try_parse_sampler_name(text);
  set("sampler", choice ? choice->sampler->name : text, field);
  if (choice && choice->schedule != nullptr) set("schedule", choice->schedule->name, field);
}

bool Import::set_fields(const nlohmann::json& object, std::span<const FieldName> names) {
  bool any = false;
  for (const auto& [field, parameter] : names) {
    const auto value = object.find(field);
    if (value == object.end() || value->is_null()) continue;
    any = true;
    set(parameter, *value, field);
  }
  return any;
}

nlohmann::json parse_object(const std::string& text) {
  if (text.empty() || text.front() != '{') return nullptr;
  nlohmann::json object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  return object.is_object() ? object : nlohmann::json(nullptr);
}

const std::string& text_of(const PictureMetadata& metadata, const std::string& keyword) {
  static const std::string none;
  const auto found = metadata.text.find(keyword);
  return found == metadata.text.end() ? none : found->second;
}

ImportedParameters import_parameters(const PictureFile& file) {
  if (auto imported = read_account(file.metadata)) return *std::move(imported);
  const std::string hidden = hidden_text(file.picture);
  if (hidden.empty()) return {};
  auto imported = read_account(metadata_of_hidden(hidden));
  return imported ? *std::move(imported) : ImportedParameters{};
}

GenerationParameters requested_parameters(const ImportedParameters& imported, const PictureMetadata& metadata,
                                          Task task, const std::string& name, std::vector<std::string>& left_out) {
  if (imported.tool.empty()) fail_nothing_told(metadata, name);
  if (imported.tool == "Easel") {
    const GenerationParameters own = parameters_from_json(imported.parameters.dump());
    if (own.task != task_name(task))
      throw Error(ErrorCode::InvalidArgument, "[generate] " + name + " was made by " + own.task +
                                                  "; take its parameters with the command of that task");
    return own;
  }
  for (const auto& [field, value] : imported.refused)
    throw Error(ErrorCode::InvalidArgument, "[generate] " + name + ", made by " + imported.tool + ": " + field + " " +
                                                quoted_text(value) + " is nothing that Easel has");
  GenerationParameters parameters;
  parameters.task = task_name(task);
  left_out = imported.unused;
  for (const auto& [key, value] : imported.parameters.items()) {
    if (generation_table().find(key).used_by(static_cast<uint32_t>(task)))
      generation_table().set(parameters, key, nlohmann::json(value));
    else
      left_out.push_back(key);
  }
  return parameters;
}

}  // namespace easel
