// diffusion_model.h — every network of a model package, built and ready to run.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "easel/pipeline.h"
#include "models/unet/unet.h"
#include "models/vae/autoencoder_kl.h"
#include "pipelines/prompt_encoder.h"

namespace easel {

struct DiffusionModel {
  std::string name;  // of the folder or file, without extension
  BackendKind backend = BackendKind::cpu;
  std::vector<TextTower> towers;
  UNet2DConditionModel unet;
  AutoencoderKL vae;
  nlohmann::json scheduler_config;
  nlohmann::json low_res_scheduler_config{};  // of an upscaling model: the noise on the small picture; else null
  bool zero_empty_negative = false;           // an empty negative prompt conditions with zeros
  double guidance_scale = 7.5;                // the default for this model

  // Pixels of the side of the pictures it was trained on.
  int64_t native_size_px() const { return unet.config().sample_size * vae.config().downsampling(); }
};

// Throws NotFound naming a missing component, CorruptFile, Unsupported.
DiffusionModel load_diffusion_model(const std::filesystem::path& path, const LoadOptions& options);

}  // namespace easel
