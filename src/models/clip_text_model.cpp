#include "models/clip_text_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "io/config_reader.h"

namespace easel {
namespace {

// Configs published with SD 1.x, 2.x and XL say eos_token_id 2, which is not the real one: the pooled token is then the
// first of the largest id, as the original code takes it (transformers, CLIPTextTransformer.forward).
constexpr int32_t kMisstatedEos = 2;

Activation activation_named(const ConfigReader& reader, const std::string& name) {
  if (name == "quick_gelu") return Activation::quick_gelu;
  if (name == "gelu") return Activation::gelu;
  reader.unsupported("hidden_act");
}

}  // namespace

ClipTextConfig ClipTextConfig::from_json(const nlohmann::json& json) {
  const ConfigReader reader(json, "text_encoder");
  ClipTextConfig config;
  config.vocab_size = reader.integer("vocab_size", 49408, 1, 1 << 24);
  config.hidden_size = reader.integer("hidden_size", 512, 1, kMaxConfigExtent);
  config.intermediate_size = reader.integer("intermediate_size", 2048, 1, kMaxConfigExtent);
  config.num_hidden_layers = reader.integer("num_hidden_layers", 12, 1, 256);
  config.num_attention_heads = reader.integer("num_attention_heads", 8, 1, 1024);
  config.max_position_embeddings = reader.integer("max_position_embeddings", 77, 1, kMaxConfigExtent);
  config.hidden_act = activation_named(reader, reader.text("hidden_act", "quick_gelu"));
  config.layer_norm_eps = static_cast<float>(reader.number("layer_norm_eps", 1e-5));
  config.projection_dim = reader.integer("projection_dim", 512, 1, kMaxConfigExtent);
  const auto architectures = reader.texts("architectures");
  config.with_projection =
      std::find(architectures.begin(), architectures.end(), "CLIPTextModelWithProjection") != architectures.end();
  config.eos_token_id = static_cast<int32_t>(reader.integer("eos_token_id", 49407, 0, 1 << 24));
  if (config.hidden_size % config.num_attention_heads != 0) reader.unsupported("num_attention_heads");
  return config;
}

ClipTextLayer::ClipTextLayer(const WeightScope& scope, const ClipTextConfig& config)
    : layer_norm1(scope / "layer_norm1", config.hidden_size, config.layer_norm_eps),
      q_proj(scope / "self_attn" / "q_proj", config.hidden_size, config.hidden_size),
      k_proj(scope / "self_attn" / "k_proj", config.hidden_size, config.hidden_size),
      v_proj(scope / "self_attn" / "v_proj", config.hidden_size, config.hidden_size),
      out_proj(scope / "self_attn" / "out_proj", config.hidden_size, config.hidden_size),
      layer_norm2(scope / "layer_norm2", config.hidden_size, config.layer_norm_eps),
      fc1(scope / "mlp" / "fc1", config.hidden_size, config.intermediate_size),
      fc2(scope / "mlp" / "fc2", config.intermediate_size, config.hidden_size) {}

ClipTextModel::ClipTextModel(const ClipTextConfig& config, WeightSource& weights) : config_(config) {
  const WeightScope scope = WeightScope(weights) / "text_model";
  token_embedding_ = scope.get("embeddings.token_embedding.weight", {config.vocab_size, config.hidden_size});
  position_embedding_ =
      scope.get("embeddings.position_embedding.weight", {config.max_position_embeddings, config.hidden_size});
  for (int64_t i = 0; i < config.num_hidden_layers; ++i) layers_.emplace_back(scope / "encoder" / "layers" / i, config);
  final_layer_norm_ = LayerNorm(scope / "final_layer_norm", config.hidden_size, config.layer_norm_eps);
  if (config.with_projection)
    text_projection_ =
        Linear(WeightScope(weights) / "text_projection", config.hidden_size, config.projection_dim, Bias::none);
}

Tensor ClipTextModel::run_layer(const ClipTextLayer& layer, const Tensor& x) const {
  const Tensor normed = layer.layer_norm1(x);
  const Tensor attended = attention(layer.q_proj(normed), layer.k_proj(normed), layer.v_proj(normed),
                                    {.num_heads = config_.num_attention_heads, .causal = true});
  const Tensor h = layer.out_proj(attended, {.residual = x});
  return layer.fc2(layer.fc1(layer.layer_norm2(h), {.activation = config_.hidden_act}), {.residual = h});
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
  std::vector<int32_t> positions(static_cast<size_t>(n * length));
  for (size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<int32_t>(i % static_cast<size_t>(length));
  const Tensor position_ids = Tensor::from({n, length}, positions);

  ClipTextOutput output;
  output.hidden_states.push_back(add(embedding(to_backend(input_ids, kind), token_embedding_),
                                     embedding(to_backend(position_ids, kind), position_embedding_)));
  for (const ClipTextLayer& layer : layers_)
    output.hidden_states.push_back(run_layer(layer, output.hidden_states.back()));
  output.last_hidden_state = final_layer_norm_(output.hidden_states.back());
  output.pooled = select_token(output.last_hidden_state, to_backend(pooled_positions(input_ids), kind));
  if (text_projection_.defined()) output.text_embeds = text_projection_(output.pooled);
  return output;
}

}  // namespace easel
