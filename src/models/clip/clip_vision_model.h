// clip_vision_model.h — CLIP's image tower: a transformer over square patches. Dosovitskiy et al. 2021,
// arXiv:2010.11929, section 3.1; Radford et al. 2021, arXiv:2103.00020, section 2.4. Keys and config fields are those
// of Hugging Face's CLIPVisionModelWithProjection.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "models/clip/clip_encoder.h"

namespace easel {

struct ClipVisionConfig {
  ClipEncoderConfig encoder;
  int64_t num_channels = 3;
  int64_t image_size = 224;  // pixels of a side
  int64_t patch_size = 32;   // pixels of a patch's side; divides image_size
  int64_t projection_dim = 512;
  bool with_projection = true;

  int64_t num_patches() const { return (image_size / patch_size) * (image_size / patch_size); }
  // Throws as UNetConfig::from_json does.
  static ClipVisionConfig from_json(const nlohmann::json& config);
};

struct ClipVisionOutput {
  Tensor last_hidden_state;  // [N, 1 + num_patches, hidden_size]: the class token, then the patches by rows
  Tensor pooled;             // [N, hidden_size]: the class token after post_layernorm
  Tensor image_embeds;       // [N, projection_dim]: pooled, projected; undefined without a projection
};

class ClipVisionModel {
 public:
  ClipVisionModel(const ClipVisionConfig& config, WeightSource& weights);

  // pixel_values: [N, image_size, image_size, num_channels], normalised as the model was trained.
  // Throws InvalidArgument for another size.
  ClipVisionOutput operator()(const Tensor& pixel_values) const;
  // What goes into the first layer and what comes out of every one: num_hidden_layers + 1 tensors of the shape of
  // last_hidden_state, which is the last of them.
  std::vector<Tensor> hidden_states(const Tensor& pixel_values) const;
  const ClipVisionConfig& config() const { return config_; }

 private:
  Tensor embedded(const Tensor& pixel_values) const;

  ClipVisionConfig config_;
  Tensor class_embedding_;     // [hidden_size]
  Tensor patch_embedding_;     // [hidden_size, num_channels, patch_size, patch_size], no bias
  Tensor position_embedding_;  // [1 + num_patches, hidden_size]
  LayerNorm pre_layernorm_;    // "pre_layrnorm": the checkpoints' spelling
  ClipEncoder encoder_;
  LayerNorm post_layernorm_;
  Linear visual_projection_;
};

}  // namespace easel
