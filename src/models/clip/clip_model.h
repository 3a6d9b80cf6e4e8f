// clip_model.h — both towers of CLIP with the temperature between them: how well a text fits a picture. Radford et al.
// 2021, arXiv:2103.00020, section 2.3. The files are those of Hugging Face's CLIPModel: one config.json with
// text_config and vision_config, one model.safetensors.
#pragma once

#include "models/clip/clip_text_model.h"
#include "models/clip/clip_vision_model.h"

namespace easel {

struct ClipConfig {
  ClipTextConfig text;
  ClipVisionConfig vision;

  // Throws as UNetConfig::from_json does. Both towers project to projection_dim.
  static ClipConfig from_json(const nlohmann::json& config);
};

class ClipModel {
 public:
  ClipModel(const ClipConfig& config, WeightSource& weights);

  // Unit vectors, [N, projection_dim]. input_ids: [N, L] i32 on the host. pixel_values: see ClipVisionModel.
  Tensor text_embeds(const Tensor& input_ids) const;
  Tensor image_embeds(const Tensor& pixel_values) const;
  // Cosines times exp(logit_scale), the scale being at most 100: [N_images, N_texts].
  Tensor logits_per_image(const Tensor& images, const Tensor& texts) const;
  const ClipConfig& config() const { return config_; }

 private:
  ClipConfig config_;
  ClipTextModel text_model_;
  ClipVisionModel vision_model_;
  Tensor logit_scale_;  // rank 0 in files: the logarithm of the factor
};

}  // namespace easel
