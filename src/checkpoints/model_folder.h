// model_folder.h — writing the parts of a diffusers model folder. Every file appears whole or not at all.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tensor/tensor.h"

namespace easel {

// The file names that diffusers and transformers give to a component's weights.
inline constexpr const char* kDiffusersWeights = "diffusion_pytorch_model.safetensors";
inline constexpr const char* kTransformersWeights = "model.safetensors";

void write_text(const std::filesystem::path& path, const std::string& text);
// Indented by two, with a newline at the end.
void write_json(const std::filesystem::path& path, const nlohmann::json& json);

// `folder`/config.json and `folder`/`weights_name`, the folder being made where it is missing. weights: on the host;
// f32 ones are stored as `dtype` (f32, f16 or bf16), others as they are.
void write_component(const std::filesystem::path& folder, const nlohmann::json& config, const char* weights_name,
                     const std::map<std::string, Tensor>& weights, DType dtype);

}  // namespace easel
