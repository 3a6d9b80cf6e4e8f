// clip_encoder.h — the transformer that CLIP's text and image towers share. Radford et al. 2021, arXiv:2103.00020,
// section 2.4. Member names equal the keys of Hugging Face's checkpoints.
#pragma once

#include <vector>

#include "models/layers/layers.h"

namespace easel {

class ConfigReader;

struct ClipEncoderConfig {
  int64_t hidden_size = 768;
  int64_t intermediate_size = 3072;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  Activation hidden_act = Activation::quick_gelu;
  float layer_norm_eps = 1e-5f;
};

// Overwrites each field that the config gives. Throws CorruptFile and Unsupported naming the key.
void read_clip_encoder_config(const ConfigReader& reader, ClipEncoderConfig& config);

// x + attention(norm1(x)), then the same with the two-layer perceptron.
struct ClipEncoderLayer {
  LayerNorm layer_norm1;
  Linear q_proj, k_proj, v_proj, out_proj;  // self_attn.*
  LayerNorm layer_norm2;
  Linear fc1, fc2;  // mlp.*

  ClipEncoderLayer(const WeightScope& scope, const ClipEncoderConfig& config);
};

enum class ClipMask { none, causal };

class ClipEncoder {
 public:
  ClipEncoder() = default;
  // scope: of "encoder".
  ClipEncoder(const WeightScope& scope, const ClipEncoderConfig& config, ClipMask mask);

  // x: [N, L, hidden_size]. Returns the input and the output of every layer: num_hidden_layers + 1 tensors of its
  // shape.
  std::vector<Tensor> operator()(const Tensor& x) const;

 private:
  Tensor run_layer(const ClipEncoderLayer& layer, const Tensor& x) const;

  std::vector<ClipEncoderLayer> layers_;
  AttentionOptions attention_;
  Activation hidden_act_ = Activation::quick_gelu;
};

// Ids 0, 1, … length-1 for each of `rows` sequences, [rows, length] i32 on `kind`: the input of a position embedding.
Tensor position_ids(int64_t rows, int64_t length, BackendKind kind);

}  // namespace easel
