#include "models/clip/clip_model.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "easel/error.h"

namespace easel {
namespace {

// Larger factors make training unstable: Radford et al. 2021, section 2.5.
constexpr float kMaxLogitScale = 4.6051702f;  // ln 100

const nlohmann::json& part_of(const ConfigReader& reader, const char* key) {
  if (!reader.is_set(key) || !reader.json().at(key).is_object()) reader.wrong(key, "an object");
  return reader.json().at(key);
}

}  // namespace

ClipConfig ClipConfig::from_json(const nlohmann::json& json) {
  const ConfigReader reader(json, "clip");
  ClipConfig config{.text = ClipTextConfig::from_json(part_of(reader, "text_config")),
                    .vision = ClipVisionConfig::from_json(part_of(reader, "vision_config"))};
  const int64_t projection_dim = reader.integer("projection_dim", 512, 1, kMaxConfigExtent);
  config.text.projection_dim = config.vision.projection_dim = projection_dim;
  config.text.with_projection = config.vision.with_projection = true;
  return config;
}

ClipModel::ClipModel(const ClipConfig& config, WeightSource& weights)
    : config_(config),
      text_model_(config.text, weights),
      vision_model_(config.vision, weights),
      logit_scale_(weights.get("logit_scale", {})) {}

Tensor ClipModel::text_embeds(const Tensor& input_ids) const {
  return l2_normalize(text_model_(input_ids).text_embeds);
}

Tensor ClipModel::image_embeds(const Tensor& pixel_values) const {
  return l2_normalize(vision_model_(pixel_values).image_embeds);
}

Tensor ClipModel::logits_per_image(const Tensor& images, const Tensor& texts) const {
  const Tensor cosines = linear(images, texts, {});  // [N_images, N_texts]
  const Tensor factor = exponential(clamp(reshape(logit_scale_, {1}), -kMaxLogitScale, kMaxLogitScale));
  return reshape(scale_rows(reshape(cosines, {1, cosines.numel()}), factor), cosines.shape());
}

}  // namespace easel
