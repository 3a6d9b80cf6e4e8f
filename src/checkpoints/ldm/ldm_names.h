// ldm_names.h — the names that CompVis' latent-diffusion code and OpenCLIP give to weights, and diffusers' names of the
// same weights: one table per component, read in both directions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace easel {

// How LDM stores what diffusers stores as a matrix.
enum class LdmStorage {
  same,
  convolution,  // weight [C_out, C_in, 1, 1]
  transposed,   // [C_in, C_out]
  stacked,      // the query, key and value matrices (or biases) one above the other: `part` is 0, 1 or 2
};

// A row names a module (all tensors below it, "<name>.…") or one tensor. Of several rows that fit a name, the longest
// counts. Rows with one LDM name and several parts belong together.
struct LdmName {
  std::string ldm;
  std::string diffusers;
  LdmStorage storage = LdmStorage::same;
  int part = 0;
};

// config: diffusers' config of the component. Names are without the component's prefix.
std::vector<LdmName> unet_ldm_names(const nlohmann::json& config);
std::vector<LdmName> vae_ldm_names(const nlohmann::json& config);
std::vector<LdmName> open_clip_names(const nlohmann::json& config);
// Hugging Face's text encoders keep their names inside LDM files, but for files of 2022 that lack "text_model.".
std::vector<LdmName> hugging_face_clip_names();
std::vector<LdmName> old_hugging_face_clip_names();

}  // namespace easel
