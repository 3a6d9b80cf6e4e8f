#include "models/clip/clip_encoder.h"

#include "checkpoints/config_reader.h"

namespace easel {
namespace {

Activation activation_named(const ConfigReader& reader, const std::string& name) {
  if (name == "quick_gelu") return Activation::quick_gelu;
  if (name == "gelu") return Activation::gelu;
  reader.unsupported("hidden_act");
}

}  // namespace

void read_clip_encoder_config(const ConfigReader& reader, ClipEncoderConfig& config) {
  config.hidden_size = reader.integer("hidden_size", config.hidden_size, 1, kMaxConfigExtent);
  config.intermediate_size = reader.integer("intermediate_size", config.intermediate_size, 1, kMaxConfigExtent);
  config.num_hidden_layers = reader.integer("num_hidden_layers", config.num_hidden_layers, 1, 256);
  config.num_attention_heads = reader.integer("num_attention_heads", config.num_attention_heads, 1, 1024);
  config.hidden_act = activation_named(reader, reader.text("hidden_act", "quick_gelu"));
  config.layer_norm_eps = static_cast<float>(reader.number("layer_norm_eps", config.layer_norm_eps));
  if (config.hidden_size % config.num_attention_heads != 0) reader.unsupported("num_attention_heads");
}

ClipEncoderLayer::ClipEncoderLayer(const WeightScope& scope, const ClipEncoderConfig& config)
    : layer_norm1(scope / "layer_norm1", config.hidden_size, config.layer_norm_eps),
      q_proj(scope / "self_attn" / "q_proj", config.hidden_size, config.hidden_size),
      k_proj(scope / "self_attn" / "k_proj", config.hidden_size, config.hidden_size),
      v_proj(scope / "self_attn" / "v_proj", config.hidden_size, config.hidden_size),
      out_proj(scope / "self_attn" / "out_proj", config.hidden_size, config.hidden_size),
      layer_norm2(scope / "layer_norm2", config.hidden_size, config.layer_norm_eps),
      fc1(scope / "mlp" / "fc1", config.hidden_size, config.intermediate_size),
      fc2(scope / "mlp" / "fc2", config.intermediate_size, config.hidden_size) {}

ClipEncoder::ClipEncoder(const WeightScope& scope, const ClipEncoderConfig& config, ClipMask mask)
    : attention_{.num_heads = config.num_attention_heads, .causal = mask == ClipMask::causal},
      hidden_act_(config.hidden_act) {
  for (int64_t i = 0; i < config.num_hidden_layers; ++i) layers_.emplace_back(scope / "layers" / i, config);
}

Tensor ClipEncoder::run_layer(const ClipEncoderLayer& layer, const Tensor& x) const {
  const Tensor normed = layer.layer_norm1(x);
  const Tensor attended = attention(layer.q_proj(normed), layer.k_proj(normed), layer.v_proj(normed), attention_);
  const Tensor h = layer.out_proj(attended, {.residual = x});
  return layer.fc2(layer.fc1(layer.layer_norm2(h), {.activation = hidden_act_}), {.residual = h});
}

std::vector<Tensor> ClipEncoder::operator()(const Tensor& x) const {
  std::vector<Tensor> hidden_states{x};
  for (const ClipEncoderLayer& layer : layers_) hidden_states.push_back(run_layer(layer, hidden_states.back()));
  return hidden_states;
}

Tensor position_ids(int64_t rows, int64_t length, BackendKind kind) {
  std::vector<int32_t> ids(static_cast<size_t>(rows * length));
  for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int32_t>(i % static_cast<size_t>(length));
  return to_backend(Tensor::from({rows, length}, ids), kind);
}

}  // namespace easel
