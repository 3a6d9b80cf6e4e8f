#include "models/unet/unet_encoder_half.h"

#include "easel/error.h"

namespace easel {
namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[unet] " + what); }

void check_inputs(const UNetConfig& config, const UNetInputs& inputs) {
  const Tensor& sample = inputs.sample;
  if (!sample.defined() || sample.rank() != 4 || sample.dim(3) != config.in_channels)
    fail("sample must be [N, H, W, " + std::to_string(config.in_channels) + "]" +
         (sample.defined() ? ", not " + sample.shape().to_string() : ""));
  const int64_t n = sample.dim(0);
  if (static_cast<int64_t>(inputs.timesteps.size()) != n) fail("timesteps must hold one value per sample");
  const Tensor& text = inputs.encoder_hidden_states;
  if (!text.defined() || text.rank() != 3 || text.dim(0) != n || text.dim(2) != config.cross_attention_dim())
    fail("encoder_hidden_states must be [" + std::to_string(n) + ", L, " +
         std::to_string(config.cross_attention_dim()) + "]" +
         (text.defined() ? ", not " + text.shape().to_string() : ""));
  if (config.class_embedding != ClassEmbedding::none &&
      (!inputs.class_labels.defined() || inputs.class_labels.dim(0) != n))
    fail("class_labels must be given, one per sample");
  if (config.text_time_embedding && (!inputs.text_embeds.defined() || inputs.time_ids.empty() ||
                                     inputs.time_ids.size() % static_cast<size_t>(n) != 0))
    fail("text_embeds and time_ids must be given");
}

}  // namespace

UNetEncoderHalf::UNetEncoderHalf(const UNetConfig& config, const WeightScope& scope) : config_(config) {
  const int64_t first = config.blocks.front().channels;
  const int64_t temb = config.time_embed_dim();
  conv_in_ = Conv2d(scope / "conv_in", config.in_channels, first, config.conv_in_kernel);
  time_embedding_ = TimestepEmbedding(scope / "time_embedding", first, temb);
  if (config.class_embedding == ClassEmbedding::table)
    class_embedding_table_ = scope.get("class_embedding.weight", {config.num_class_embeds, temb});
  if (config.class_embedding == ClassEmbedding::timestep)
    class_embedding_ = TimestepEmbedding(scope / "class_embedding", first, temb);
  if (config.class_embedding == ClassEmbedding::projection)
    class_embedding_ = TimestepEmbedding(scope / "class_embedding", config.projection_class_embeddings_input_dim, temb);
  if (config.text_time_embedding)
    add_embedding_ = TimestepEmbedding(scope / "add_embedding", config.projection_class_embeddings_input_dim, temb);
  for (size_t i = 0; i < config.blocks.size(); ++i)
    down_blocks_.push_back(build_down_block(scope / "down_blocks" / static_cast<int64_t>(i), config, i));
  mid_block_ = build_mid_block(scope / "mid_block", config);
}

Tensor UNetEncoderHalf::class_embedding(const UNetInputs& inputs) const {
  switch (config_.class_embedding) {
    case ClassEmbedding::none: return {};
    case ClassEmbedding::table: return embedding(inputs.class_labels, class_embedding_table_);
    case ClassEmbedding::timestep:
      return class_embedding_(to_backend(
          sinusoidal_embedding(to_host(inputs.class_labels).to_vector(), config_.blocks.front().channels,
                               {.flip_sin_to_cos = config_.flip_sin_to_cos, .freq_shift = config_.freq_shift}),
          inputs.sample.backend_kind()));
    case ClassEmbedding::projection: return class_embedding_(inputs.class_labels);
    case ClassEmbedding::identity: return inputs.class_labels;
  }
  return {};
}

Tensor UNetEncoderHalf::text_time_embedding(const UNetInputs& inputs) const {
  const int64_t n = inputs.sample.dim(0);
  const auto ids_per_sample = static_cast<int64_t>(inputs.time_ids.size()) / n;
  const Tensor times = sinusoidal_embedding(
      inputs.time_ids, config_.addition_time_embed_dim,
      {.flip_sin_to_cos = config_.flip_sin_to_cos, .freq_shift = config_.freq_shift});  // [N * ids, dim]
  const Tensor flat = times.view({n, ids_per_sample * config_.addition_time_embed_dim});
  return add_embedding_(concat({inputs.text_embeds, to_backend(flat, inputs.sample.backend_kind())}, -1));
}

Tensor UNetEncoderHalf::time_embedding(const UNetInputs& inputs) const {
  const Tensor projected =
      sinusoidal_embedding(inputs.timesteps, config_.blocks.front().channels,
                           {.flip_sin_to_cos = config_.flip_sin_to_cos, .freq_shift = config_.freq_shift});
  Tensor temb = time_embedding_(to_backend(projected, inputs.sample.backend_kind()));  // [N, time_embed_dim]
  if (config_.class_embedding != ClassEmbedding::none) temb = add(temb, class_embedding(inputs));
  if (config_.text_time_embedding) temb = add(temb, text_time_embedding(inputs));
  return temb;
}

UNetEncoded UNetEncoderHalf::operator()(const UNetInputs& inputs) const {
  check_inputs(config_, inputs);
  const Tensor& text = inputs.encoder_hidden_states;
  const Tensor silu_temb = activate(time_embedding(inputs), Activation::silu);

  Tensor x = inputs.sample;
  if (config_.center_input_sample) x = affine(x, 2.0, -1.0);
  x = conv_in_(x);  // [N, H, W, C_0]
  std::vector<Tensor> skips{x};
  for (const UNetDownBlock& block : down_blocks_) {
    for (size_t j = 0; j < block.resnets.size(); ++j) {
      x = block.resnets[j](x, silu_temb);
      if (!block.attentions.empty()) x = block.attentions[j](x, text);
      skips.push_back(x);
    }
    if (block.downsampler.defined()) {
      x = block.downsampler(x);
      skips.push_back(x);
    }
  }

  x = mid_block_.resnets[0](x, silu_temb);
  x = mid_block_.attentions[0](x, text);
  x = mid_block_.resnets[1](x, silu_temb);
  return {.skips = std::move(skips), .hidden = x, .silu_temb = silu_temb};
}

}  // namespace easel
