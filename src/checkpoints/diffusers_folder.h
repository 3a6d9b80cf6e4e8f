// diffusers_folder.h — the components of a model in diffusers' folder layout.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "checkpoints/checkpoint.h"

namespace easel {

struct DiffusersComponent {
  std::filesystem::path folder;
  nlohmann::json config;  // config.json, scheduler_config.json, tokenizer_config.json or preprocessor_config.json
  bool needs_weights = false;
  // Files to read the weights from; a shard gives the tensors that `shard_of` says. Empty where there are none.
  std::vector<std::filesystem::path> weight_files;
  std::map<std::string, std::string> shard_of;  // tensor -> file name; empty: all tensors of the one file
};

struct DiffusersFolder {
  nlohmann::json index;  // model_index.json; null without it
  std::map<std::string, DiffusersComponent> components;
};

// Throws NotFound for a listed component without a folder or config, and where no component has `variant`;
// CorruptFile for what breaks the format, for names that leave the folder among others.
DiffusersFolder read_diffusers_folder(const std::filesystem::path& path, const std::string& variant);

// Reads all weights of a component. Throws NotFound for a missing file, CorruptFile for a shard without its tensors.
WeightMap read_component_weights(const DiffusersComponent& component);

}  // namespace easel
