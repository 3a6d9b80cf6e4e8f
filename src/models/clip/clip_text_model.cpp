#include "models/clip/clip_text_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "easel/error.h"

namespace easel {
namespace {

// Configs published with SD 1.x, 2.x and XL say eos_token_id 2, which is not the real one: the pooled token is then the
// first of the largest id, as the original code takes it (transformers, CLIPTextTransformer.forward).
constexpr int32_t kMisstatedEos = 2;

}  // namespace

ClipTextConfig ClipTextConfig::from_json(const nlohmann::json& json) {
  const ConfigReader reader(json, "text_encoder");
  ClipTextConfig config;
  config.vocab_size = reader.integer("vocab_size", 49408, 1, 1 << 24);
  config.encoder = {.hidden_size = 512, .intermediate_size = 2048, .num_attention_heads = 8};
  read_clip_encoder_config(reader, config.encoder);
  config.max_position_embeddings = reader.integer("max_position_embeddings", 77, 1, kMaxConfigExtent);
  config.projection_dim = reader.integer("projection_dim", 512, 1, kMaxConfigExtent);
  const auto architectures = reader.texts("architectures");
  config.with_projection =
      std::find(architectures.begin(), architectures.end(), "CLIPTextModelWithProjection") != architectures.end();
  config.eos_token_id = static_cast<int32_t>(reader.integer("eos_token_id", 49407, 0, 1 << 24));
  return config;
}

ClipTextModel::ClipTextModel(const ClipTextConfig& config, WeightSource& weights) : config_(config) {
  const WeightScope scope = WeightScope(weights) / "text_model";
  const int64_t width = config.encoder.hidden_size;
  token_embedding_ = scope.get("embeddings.token_embedding.weight", {config.vocab_size, width});
  position_embedding_ = scope.get("embeddings.position_embedding.weight", {config.max_position_embeddings, width});
  encoder_ = ClipEncoder(scope / "encoder", config.encoder, ClipMask::causal);
  final_layer_norm_ = LayerNorm(scope / "final_layer_norm", width, config.encoder.layer_norm_eps);
  if (config.with_projection)
    text_projection_ = Linear(WeightScope(weights) / "text_projection", width, config.projection_dim, Bias::none);
}

Tensor ClipTextModel::pooled_positions(const Tensor& input_ids) const {
  std::vector<int32_t> positions;
  for (int64_t n = 0; n < input_ids.dim(0); ++n) {
    const int32_t* row = input_ids.data<int32_t>() + n * input_ids.dim(1);
    const int32_t* end = row + input_ids.dim(1);
    const int32_t* eos =
        config_.eos_token_id == kMisstatedEos ? std::max_element(row, end) : std::find(row, end, config_.eos_token_id);
    positions.push_back(eos == end ? 0 : static_cast<int32_t>(eos - row));  // the reference's argmax of no match is 0
  }
  return Tensor::from({input_ids.dim(0)}, positions);
}

ClipTextOutput ClipTextModel::operator()(const Tensor& input_ids) const {
  const int64_t n = input_ids.dim(0), length = input_ids.dim(1);
  if (length > config_.max_position_embeddings)
    throw Error(ErrorCode::InvalidArgument, "[text_encoder] " + std::to_string(length) + " tokens; at most " +
                                                std::to_string(config_.max_position_embeddings));
  const BackendKind kind = token_embedding_.backend_kind();
  ClipTextOutput output;
  output.hidden_states = encoder_(add(embedding(to_backend(input_ids, kind), token_embedding_),
                                      embedding(position_ids(n, length, kind), position_embedding_)));
  output.last_hidden_state = final_layer_norm_(output.hidden_states.back());
  output.pooled = select_token(output.last_hidden_state, to_backend(pooled_positions(input_ids), kind));
  if (text_projection_.defined()) output.text_embeds = text_projection_(output.pooled);
  return output;
}

}  // namespace easel
