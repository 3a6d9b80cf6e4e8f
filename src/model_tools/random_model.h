// random_model.h — model packages of random weights: for tests, for trying the program without a checkpoint, for
// timing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace easel {

struct RandomModelOptions {
  std::string shape = "tiny";  // see network_shapes()
  uint64_t seed = 0;
  nlohmann::json unet_changes = nullptr;  // keys of the U-Net's config to replace, as {"in_channels": 9}
};

// Writes a diffusers folder: fp16 safetensors, configs, and a tokenizer whose vocabulary is the single bytes. Its
// pictures mean nothing. Throws InvalidArgument for an unknown shape or where `folder` exists and is not empty; an
// unfinished model is removed.
void write_random_model(const std::filesystem::path& folder, const RandomModelOptions& options);

}  // namespace easel
