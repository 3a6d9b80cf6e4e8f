// transformer_block.h — attention between the pixels of a feature map and to the text: the U-Net's spatial transformer.
// Rombach et al. 2022, arXiv:2112.10752, section 3.3.
#pragma once

#include <vector>

#include "models/layers/layers.h"

namespace easel {

// Multi-head attention with its projections. Without a context the queries attend to themselves.
struct Attention {
  Linear to_q;  // no bias in the U-Net
  Linear to_k;
  Linear to_v;
  Linear to_out;  // "to_out.0"
  int64_t num_heads = 1;

  Attention() = default;
  Attention(const WeightScope& scope, int64_t channels, int64_t context_channels, int64_t heads, Bias qkv_bias);
  // x: [N, L, C]; context: [N, L_k, C_context]; residual: [N, L, C]. Returns [N, L, C].
  Tensor operator()(const Tensor& x, const Tensor& context, const Tensor& residual) const;
};

// linear(geglu(x)).
struct FeedForward {
  Linear proj;  // "net.0.proj", to twice the inner width
  Linear out;   // "net.2"

  FeedForward() = default;
  FeedForward(const WeightScope& scope, int64_t channels);
  Tensor operator()(const Tensor& x, const Tensor& residual) const;
};

struct TransformerConfig {
  int64_t channels = 0;
  int64_t num_attention_heads = 8;
  int64_t cross_attention_dim = 768;
  int64_t num_layers = 1;
  int64_t norm_num_groups = 32;
  bool use_linear_projection = false;
  bool only_cross_attention = false;  // the first attention, too, looks at the text
};

struct BasicTransformerBlock {
  LayerNorm norm1;
  Attention attn1;
  LayerNorm norm2;
  Attention attn2;
  LayerNorm norm3;
  FeedForward ff;
  bool only_cross_attention = false;

  BasicTransformerBlock(const WeightScope& scope, const TransformerConfig& config);
  // x: [N, L, C]; encoder_hidden_states: [N, L_text, cross_attention_dim]. Returns [N, L, C].
  // Computed again during backward where gradients are checkpointed (ops/autograd.h).
  Tensor operator()(Tensor x, const Tensor& encoder_hidden_states) const;

 private:
  Tensor forward(Tensor x, const Tensor& encoder_hidden_states) const;
};

struct Transformer2DModel {
  GroupNorm norm;
  Linear proj_in;  // a 1x1 convolution in SD 1.x: the same product
  std::vector<BasicTransformerBlock> transformer_blocks;
  Linear proj_out;

  Transformer2DModel() = default;
  Transformer2DModel(const WeightScope& scope, const TransformerConfig& config);
  // x: [N, H, W, C]. Returns the same shape.
  Tensor operator()(const Tensor& x, const Tensor& encoder_hidden_states) const;
};

}  // namespace easel
