// model_inspection.h — what a model package, or any single file of one, holds, for people and programs.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace easel {

struct InspectionOptions {
  bool list_tensors = false;  // every tensor with its shape and element type
  bool hash = false;          // SHA-256 of a file: reads all of it
};

// path: a diffusers folder; a file of tensors (safetensors, .ckpt, .pt, .bin; of LDM's layout or any other); a
// config.json, scheduler_config.json or model_index.json; vocab.json; merges.txt, with the vocab.json
// beside it if any. Everything is checked on the way: configs as when a model is built from them, weights as when they
// are loaded. Keys: path, kind, and where they apply architecture, components, metadata, tensor_count, parameters,
// size_bytes, tensors, hashes. Throws NotFound, CorruptFile, Unsupported.
nlohmann::ordered_json inspect_model(const std::filesystem::path& path, const InspectionOptions& options = {});

// The same as lines of text.
std::string render_inspection(const nlohmann::ordered_json& inspection);

}  // namespace easel
