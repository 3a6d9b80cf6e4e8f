#include "models/layers/transformer_block.h"

#include <utility>

#include "ops/autograd.h"

namespace easel {

Attention::Attention(const WeightScope& scope, int64_t channels, int64_t context_channels, int64_t heads, Bias qkv_bias)
    : to_q(scope / "to_q", channels, channels, qkv_bias),
      to_k(scope / "to_k", context_channels, channels, qkv_bias),
      to_v(scope / "to_v", context_channels, channels, qkv_bias),
      to_out(scope / "to_out" / 0, channels, channels),
      num_heads(heads) {}

Tensor Attention::operator()(const Tensor& x, const Tensor& context, const Tensor& residual) const {
  const Tensor& keys_from = context.defined() ? context : x;
  const Tensor attended = attention(to_q(x), to_k(keys_from), to_v(keys_from), {.num_heads = num_heads});
  return to_out(attended, {.residual = residual});
}

FeedForward::FeedForward(const WeightScope& scope, int64_t channels)
    : proj(scope / "net" / 0 / "proj", channels, 8 * channels), out(scope / "net" / 2, 4 * channels, channels) {}

Tensor FeedForward::operator()(const Tensor& x, const Tensor& residual) const {
  return out(proj(x, {.activation = Activation::geglu}), {.residual = residual});
}

BasicTransformerBlock::BasicTransformerBlock(const WeightScope& scope, const TransformerConfig& config)
    : norm1(scope / "norm1", config.channels),
      attn1(scope / "attn1", config.channels,
            config.only_cross_attention ? config.cross_attention_dim : config.channels, config.num_attention_heads,
            Bias::none),
      norm2(scope / "norm2", config.channels),
      attn2(scope / "attn2", config.channels, config.cross_attention_dim, config.num_attention_heads, Bias::none),
      norm3(scope / "norm3", config.channels),
      ff(scope / "ff", config.channels),
      only_cross_attention(config.only_cross_attention) {}

Tensor BasicTransformerBlock::operator()(Tensor x, const Tensor& encoder_hidden_states) const {
  if (!gradient_checkpointing()) return forward(std::move(x), encoder_hidden_states);  // x is freed on the way
  return checkpointed([this](const std::vector<Tensor>& inputs) { return forward(inputs[0], inputs[1]); },
                      {x, encoder_hidden_states});
}

Tensor BasicTransformerBlock::forward(Tensor x, const Tensor& encoder_hidden_states) const {
  x = attn1(norm1(x), only_cross_attention ? encoder_hidden_states : Tensor(), x);
  x = attn2(norm2(x), encoder_hidden_states, x);
  return ff(norm3(x), x);
}

namespace {

// proj_in and proj_out are stored as 1x1 convolutions or as linear layers; in NHWC both are one matrix product.
Linear projection(const WeightScope& scope, const TransformerConfig& config) {
  if (config.use_linear_projection) return Linear(scope, config.channels, config.channels);
  const Conv2d conv(scope, config.channels, config.channels, 1);
  Linear linear;
  linear.weight = reshape(conv.weight, {config.channels, config.channels});
  linear.bias = conv.bias;
  return linear;
}

}  // namespace

Transformer2DModel::Transformer2DModel(const WeightScope& scope, const TransformerConfig& config)
    // 1e-6 is fixed in the architecture, unlike the residual blocks' norm_eps.
    : norm(scope / "norm", config.channels, {.num_groups = config.norm_num_groups, .eps = 1e-6f}),
      proj_in(projection(scope / "proj_in", config)),
      proj_out(projection(scope / "proj_out", config)) {
  for (int64_t i = 0; i < config.num_layers; ++i)
    transformer_blocks.emplace_back(scope / "transformer_blocks" / i, config);
}

Tensor Transformer2DModel::operator()(const Tensor& x, const Tensor& encoder_hidden_states) const {
  const int64_t n = x.dim(0), tokens = x.dim(1) * x.dim(2), c = x.dim(3);
  Tensor h = proj_in(reshape(norm(x), {n, tokens, c}));  // [N, H*W, C]: in NHWC a feature map is a token matrix
  for (const BasicTransformerBlock& block : transformer_blocks) h = block(h, encoder_hidden_states);
  h = proj_out(h, {.residual = reshape(x, {n, tokens, c})});
  return reshape(h, x.shape());
}

}  // namespace easel
