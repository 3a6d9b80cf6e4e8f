// ldm_yaml.h — the configuration that some single files come with: model.yaml beside model.safetensors.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace easel {

// The file of the checkpoint's name with the extension .yaml or .yml; nothing where there is none.
std::optional<std::filesystem::path> find_ldm_yaml(const std::filesystem::path& checkpoint);

// What such a file says (CompVis' latent-diffusion configurations, below model.params), written over what was inferred:
// parameterization (eps, v, x0), image_size (latent pixels), timesteps, linear_start, linear_end, scale_factor, and the
// text encoder's layer_idx: how many of its layers count. Networks' shapes stay those of the
// weights. Throws CorruptFile naming the key for values that mean nothing.
void apply_ldm_yaml(const std::filesystem::path& path, std::map<std::string, nlohmann::json>& configs);

}  // namespace easel
