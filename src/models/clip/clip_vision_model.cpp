#include "models/clip/clip_vision_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "easel/error.h"

namespace easel {

ClipVisionConfig ClipVisionConfig::from_json(const nlohmann::json& json) {
  const ConfigReader reader(json, "image_encoder");
  ClipVisionConfig config;
  read_clip_encoder_config(reader, config.encoder);
  config.num_channels = reader.integer("num_channels", 3, 1, 64);
  config.image_size = reader.integer("image_size", 224, 1, 4096);
  config.patch_size = reader.integer("patch_size", 32, 1, config.image_size);
  config.projection_dim = reader.integer("projection_dim", 512, 1, kMaxConfigExtent);
  const auto architectures = reader.texts("architectures");
  // Without the field it is the form with a projection, which is what pipelines carry as image_encoder.
  config.with_projection = architectures.empty() || std::find(architectures.begin(), architectures.end(),
                                                              "CLIPVisionModelWithProjection") != architectures.end();
  if (config.image_size % config.patch_size != 0) reader.wrong("patch_size", "a divisor of image_size");
  return config;
}

ClipVisionModel::ClipVisionModel(const ClipVisionConfig& config, WeightSource& weights) : config_(config) {
  const WeightScope scope = WeightScope(weights) / "vision_model", embeddings = scope / "embeddings";
  const int64_t width = config.encoder.hidden_size;
  class_embedding_ = embeddings.get("class_embedding", {width});
  patch_embedding_ =
      embeddings.get("patch_embedding.weight", {width, config.num_channels, config.patch_size, config.patch_size});
  position_embedding_ = embeddings.get("position_embedding.weight", {1 + config.num_patches(), width});
  pre_layernorm_ = LayerNorm(scope / "pre_layrnorm", width, config.encoder.layer_norm_eps);
  encoder_ = ClipEncoder(scope / "encoder", config.encoder, ClipMask::none);
  post_layernorm_ = LayerNorm(scope / "post_layernorm", width, config.encoder.layer_norm_eps);
  if (config.with_projection)
    visual_projection_ = Linear(WeightScope(weights) / "visual_projection", width, config.projection_dim, Bias::none);
}

Tensor ClipVisionModel::embedded(const Tensor& pixel_values) const {
  const int64_t n = pixel_values.dim(0), width = config_.encoder.hidden_size;
  const BackendKind kind = position_embedding_.backend_kind();
  const Tensor patches = reshape(
      conv2d(pixel_values, patch_embedding_, {}, {.stride = static_cast<int>(config_.patch_size), .padding = {}}),
      {n, config_.num_patches(), width});
  // A table of one row: the class token of every picture. [N, 1, width]
  const Tensor class_token = embedding(position_ids(n, 1, kind), reshape(class_embedding_, {1, width}));
  return add(concat({class_token, patches}, 1),
             embedding(position_ids(n, 1 + config_.num_patches(), kind), position_embedding_));
}

std::vector<Tensor> ClipVisionModel::hidden_states(const Tensor& pixel_values) const {
  const int64_t side = config_.image_size;
  if (pixel_values.rank() != 4 || pixel_values.shape() != Shape{pixel_values.dim(0), side, side, config_.num_channels})
    throw Error(ErrorCode::InvalidArgument, "[image_encoder] pixel_values " + pixel_values.shape().to_string() +
                                                "; must be " + Shape{1, side, side, config_.num_channels}.to_string() +
                                                " for every picture");
  return encoder_(pre_layernorm_(embedded(pixel_values)));
}

ClipVisionOutput ClipVisionModel::operator()(const Tensor& pixel_values) const {
  ClipVisionOutput output;
  output.last_hidden_state = hidden_states(pixel_values).back();
  output.pooled = post_layernorm_(
      reshape(slice(output.last_hidden_state, 1, 0, 1), {pixel_values.dim(0), config_.encoder.hidden_size}));
  if (visual_projection_.defined()) output.image_embeds = visual_projection_(output.pooled);
  return output;
}

}  // namespace easel
