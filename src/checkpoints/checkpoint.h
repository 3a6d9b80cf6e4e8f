// checkpoint.h — a model package, whatever its layout, as components with a config and weights under diffusers' names.
//
// Layouts: a diffusers folder (with model_index.json, or without it a folder of component folders or one component's
// folder; weights safetensors or .bin, sharded or not, variants), or a single LDM file (.safetensors or .ckpt) whose
// configs are inferred from the shapes of its weights, and from the .yaml file beside it where there is one.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

using WeightMap = std::map<std::string, Tensor>;

struct CheckpointOptions {
  std::string variant;                         // "fp16", "ema", "" for the plain files; folders only
  std::optional<std::string> prediction_type;  // overrides what the file says or what is inferred
};

struct Checkpoint {
  Checkpoint();
  ~Checkpoint();
  Checkpoint(Checkpoint&&) noexcept;
  Checkpoint& operator=(Checkpoint&&) noexcept;

  std::filesystem::path path;
  std::string layout;  // "diffusers" or "ldm"
  // Per component ("unet", "vae", "text_encoder", "text_encoder_2", "scheduler", …): the content of its config.json;
  // "model_index": of model_index.json, where there is one.
  std::map<std::string, nlohmann::json> configs;
  // Strings that the file carries (safetensors' __metadata__, a .ckpt's "global_step"); empty for folders.
  std::map<std::string, std::string> metadata;

  // Per component with weights: diffusers' names -> tensors in the file's layout and dtype. Read when first asked for;
  // thread safe. The reference lives as long as the checkpoint. Throws NotFound where the component or its weights are
  // missing, CorruptFile.
  const WeightMap& weights(const std::string& component) const;
  bool has(const std::string& component) const;  // a config and, where the component needs them, weights
  // Folder with vocab.json and merges.txt for "tokenizer" or "tokenizer_2"; empty where there is none, as for single
  // files.
  std::filesystem::path tokenizer_folder(const std::string& tokenizer) const;

 private:
  friend Checkpoint open_checkpoint(const std::filesystem::path&, const CheckpointOptions&);
  struct Source;
  std::unique_ptr<Source> source_;
};

// Reads configs and tensor tables, not the tensors' content. Throws NotFound (naming a component that model_index.json
// lists and the folder lacks), CorruptFile, Unsupported, InvalidArgument for an unknown prediction_type.
Checkpoint open_checkpoint(const std::filesystem::path& path, const CheckpointOptions& options = {});

// Component weights from a map with LDM names (prefixes as in single files: "model.diffusion_model.",
// "first_stage_model.", "cond_stage_model.", "conditioner.embedders.N."; a map without any known prefix is taken as one
// component, recognised by its names), renamed to diffusers' names and reshaped where the layouts differ. config:
// diffusers' config of the component. Tensors that a component does not use (logit_scale, an OpenCLIP encoder's last
// layer in SD 2, losses) are left out. Throws NotFound where the map does not hold the component.
WeightMap ldm_to_diffusers(const WeightMap& ldm, const std::string& component, const nlohmann::json& config);
// The reverse, with the prefixes of SD 1 and 2 ("text_encoder_2": of SDXL).
WeightMap diffusers_to_ldm(const WeightMap& diffusers, const std::string& component, const nlohmann::json& config);

// Names that diffusers gave before version 0.18 to the attention of autoencoders (query, key, value, proj_attn), as it
// gives them now.
WeightMap with_current_names(const WeightMap& diffusers);

}  // namespace easel
