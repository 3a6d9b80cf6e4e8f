// inspection.h — a reader for each kind of file of a model; model_inspection.h chooses among them. Each adds what it
// found to `inspection`, whose keys are described there, and throws as inspect_model does.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "model_tools/model_inspection.h"

namespace easel {

// A diffusers folder or a file of LDM's layout: components with their configs and weights.
void inspect_checkpoint(nlohmann::ordered_json& inspection, const std::filesystem::path& path,
                        const InspectionOptions& options);
// Any file of tensors; one of LDM's layout is a checkpoint.
void inspect_tensor_file(nlohmann::ordered_json& inspection, const std::filesystem::path& path,
                         const InspectionOptions& options);
// A component's config, a folder's model_index.json, or a vocabulary.
void inspect_json(nlohmann::ordered_json& inspection, const std::filesystem::path& path);
void inspect_vocabulary(nlohmann::ordered_json& inspection, const std::filesystem::path& path);
// merges.txt, with the vocab.json beside it if any.
void inspect_merges(nlohmann::ordered_json& inspection, const std::filesystem::path& path);

// The class that a config names; empty where it names none.
std::string class_of(const nlohmann::json& config);
// Refuses a config that no model can be built from, naming the file.
void check_config(const std::filesystem::path& path, const std::string& class_name, const nlohmann::json& config);
bool is_vocabulary(const nlohmann::json& content);

}  // namespace easel
