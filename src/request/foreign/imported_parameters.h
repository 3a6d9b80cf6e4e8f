// imported_parameters.h — how a picture was made, as whichever program made it wrote that down.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "easel/parameters.h"
#include "pictures/picture_file.h"

namespace easel {

struct ImportedParameters {
  std::string tool;  // "Easel", "webui", "ComfyUI", "InvokeAI", "NovelAI", "SwarmUI", "Fooocus"; empty: none is told
  nlohmann::ordered_json parameters = nlohmann::ordered_json::object();  // what is told, under the table's names
  std::string model;
  std::vector<std::string> unused;  // what is told and cannot be honoured, by the tool's own names
  // Fields of the table whose value the table refuses, with the value as the tool wrote it: "Sampler", "Quantum++".
  std::vector<std::pair<std::string, std::string>> refused;
};

// Reads the text of a picture, and what NovelAI hides in its pixels. Never fails: what cannot be read is not told.
ImportedParameters import_parameters(const PictureFile& file);

// The parameters for a task, and in `left_out` what of the picture's account does not shape them. Throws NotFound where
// the picture tells none, naming the texts that it has, InvalidArgument for the first refused value; `name` is the
// picture's for messages.
GenerationParameters requested_parameters(const ImportedParameters& imported, const PictureMetadata& metadata,
                                          Task task, const std::string& name, std::vector<std::string>& left_out);

}  // namespace easel
