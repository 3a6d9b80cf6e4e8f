// tools.h — one reader for each program's account of a picture, and what they share.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "request/foreign/imported_parameters.h"

namespace easel {

// A field of a JSON object that means the same as a parameter.
struct FieldName {
  const char* field;
  const char* parameter;
};

// Sets values of the table, and notes what it does not take.
class Import {
 public:
  explicit Import(const char* tool) { imported_.tool = tool; }

  // A value of the table under `name`; field: what the tool calls it.
  void set(const char* name, const nlohmann::json& value, const std::string& field);
  // A sampler, with the schedule that its name may carry; "" and null: none is told.
  void set_sampler(const nlohmann::json& name, const std::string& field);
  // Those of the object's fields that are there and not null. Returns whether any was.
  bool set_fields(const nlohmann::json& object, std::span<const FieldName> names);
  void set_model(std::string name) { imported_.model = std::move(name); }
  void leave_out(std::string field) { imported_.unused.push_back(std::move(field)); }

  ImportedParameters take() { return std::move(imported_); }

 private:
  GenerationParameters scratch_;
  ImportedParameters imported_;
};

// An object, or null where the text is none.
nlohmann::json parse_object(const std::string& text);
// A text of the metadata by its keyword; empty where there is none.
const std::string& text_of(const PictureMetadata& metadata, const std::string& keyword);

// Each nothing where the metadata is not the tool's.
std::optional<ImportedParameters> import_webui(const PictureMetadata& metadata);
std::optional<ImportedParameters> import_comfyui(const PictureMetadata& metadata);
std::optional<ImportedParameters> import_invokeai(const PictureMetadata& metadata);
std::optional<ImportedParameters> import_swarmui(const PictureMetadata& metadata);
std::optional<ImportedParameters> import_fooocus(const PictureMetadata& metadata);
std::optional<ImportedParameters> import_novelai(const PictureMetadata& metadata);

}  // namespace easel
