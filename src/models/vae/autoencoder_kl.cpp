#include "models/vae/autoencoder_kl.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "easel/error.h"

namespace easel {
namespace {

constexpr float kVaeNormEps = 1e-6f;  // fixed in the architecture: diffusers' AutoencoderKL, resnet_eps

GroupNormOptions norm_options(const AutoencoderConfig& config, bool fuse_silu) {
  return {.num_groups = config.norm_num_groups, .eps = kVaeNormEps, .fuse_silu = fuse_silu};
}

ResnetBlock2D resnet(const WeightScope& scope, const AutoencoderConfig& config, int64_t in_channels,
                     int64_t out_channels) {
  return ResnetBlock2D(scope, {.in_channels = in_channels,
                               .out_channels = out_channels,
                               .norm_num_groups = config.norm_num_groups,
                               .norm_eps = kVaeNormEps});
}

// Throws Unsupported unless the list is absent or names `type` once per block.
void require_block_types(const ConfigReader& reader, const char* key, const std::string& type, size_t count) {
  if (reader.is_set(key) && reader.texts(key) != std::vector<std::string>(count, type)) reader.unsupported(key);
}

}  // namespace

AutoencoderConfig AutoencoderConfig::from_json(const nlohmann::json& json) {
  const ConfigReader reader(json, "vae");
  reader.require("act_fn", "silu");
  AutoencoderConfig config;
  config.in_channels = reader.integer("in_channels", 3, 1, 64);
  config.out_channels = reader.integer("out_channels", 3, 1, 64);
  config.latent_channels = reader.integer("latent_channels", 4, 1, 256);
  if (reader.is_set("block_out_channels")) {
    const size_t count = json.at("block_out_channels").size();
    if (count < 1 || count > 8) reader.unsupported("block_out_channels");
    config.block_out_channels = reader.integers("block_out_channels", 0, count);
  }
  const size_t count = config.block_out_channels.size();
  require_block_types(reader, "down_block_types", "DownEncoderBlock2D", count);
  require_block_types(reader, "up_block_types", "UpDecoderBlock2D", count);
  config.layers_per_block = reader.integer("layers_per_block", 1, 1, 16);
  config.norm_num_groups = reader.integer("norm_num_groups", 32, 1, 1024);
  config.scaling_factor = static_cast<float>(reader.number("scaling_factor", 0.18215));
  config.shift_factor = static_cast<float>(reader.number("shift_factor", 0.0));
  config.use_quant_conv = reader.boolean("use_quant_conv", true);
  config.use_post_quant_conv = reader.boolean("use_post_quant_conv", true);
  config.mid_block_add_attention = reader.boolean("mid_block_add_attention", true);
  for (const int64_t channels : config.block_out_channels)
    if (channels % config.norm_num_groups != 0) reader.unsupported("block_out_channels");
  if (!(std::isfinite(config.scaling_factor) && config.scaling_factor > 0)) reader.unsupported("scaling_factor");
  return config;
}

VaeAttention::VaeAttention(const WeightScope& scope, int64_t channels, const GroupNormOptions& options)
    : group_norm(scope / "group_norm", channels, options), attention(scope, channels, channels, 1, Bias::learned) {}

Tensor VaeAttention::operator()(const Tensor& x) const {
  const Shape tokens{x.dim(0), x.dim(1) * x.dim(2), x.dim(3)};
  return reshape(attention(reshape(group_norm(x), tokens), {}, reshape(x, tokens)), x.shape());
}

VaeMidBlock::VaeMidBlock(const WeightScope& scope, const AutoencoderConfig& config) {
  const int64_t channels = config.block_out_channels.back();
  for (int64_t j = 0; j < 2; ++j) resnets.push_back(resnet(scope / "resnets" / j, config, channels, channels));
  if (config.mid_block_add_attention)
    attentions.emplace_back(scope / "attentions" / 0, channels, norm_options(config, false));
}

Tensor VaeMidBlock::operator()(const Tensor& x) const {
  Tensor h = resnets[0](x);
  if (!attentions.empty()) h = attentions[0](h);
  return resnets[1](h);
}

VaeEncoder::VaeEncoder(const WeightScope& scope, const AutoencoderConfig& config)
    : conv_in(scope / "conv_in", config.in_channels, config.block_out_channels.front(), 3),
      mid_block(scope / "mid_block", config),
      conv_norm_out(scope / "conv_norm_out", config.block_out_channels.back(), norm_options(config, true)),
      conv_out(scope / "conv_out", config.block_out_channels.back(), 2 * config.latent_channels, 3) {
  int64_t in_channels = config.block_out_channels.front();
  for (size_t i = 0; i < config.block_out_channels.size(); ++i) {
    const WeightScope block_scope = scope / "down_blocks" / static_cast<int64_t>(i);
    const int64_t channels = config.block_out_channels[i];
    DownBlock block;
    for (int64_t j = 0; j < config.layers_per_block; ++j) {
      block.resnets.push_back(resnet(block_scope / "resnets" / j, config, in_channels, channels));
      in_channels = channels;
    }
    // Padding on the right and at the bottom only, as the original was trained.
    if (i + 1 < config.block_out_channels.size())
      block.downsampler = Downsample2D(block_scope / "downsamplers" / 0, channels, {.bottom = 1, .right = 1});
    down_blocks.push_back(std::move(block));
  }
}

Tensor VaeEncoder::operator()(const Tensor& picture) const {
  Tensor x = conv_in(picture);
  for (const DownBlock& block : down_blocks) {
    for (const ResnetBlock2D& layer : block.resnets) x = layer(x);
    if (block.downsampler.defined()) x = block.downsampler(x);
  }
  return conv_out(conv_norm_out(mid_block(x)));
}

VaeDecoder::VaeDecoder(const WeightScope& scope, const AutoencoderConfig& config)
    : conv_in(scope / "conv_in", config.latent_channels, config.block_out_channels.back(), 3),
      mid_block(scope / "mid_block", config),
      conv_norm_out(scope / "conv_norm_out", config.block_out_channels.front(), norm_options(config, true)),
      conv_out(scope / "conv_out", config.block_out_channels.front(), config.out_channels, 3) {
  const size_t count = config.block_out_channels.size();
  int64_t in_channels = config.block_out_channels.back();
  for (size_t i = 0; i < count; ++i) {
    const WeightScope block_scope = scope / "up_blocks" / static_cast<int64_t>(i);
    const int64_t channels = config.block_out_channels[count - 1 - i];
    UpBlock block;
    for (int64_t j = 0; j <= config.layers_per_block; ++j) {
      block.resnets.push_back(resnet(block_scope / "resnets" / j, config, in_channels, channels));
      in_channels = channels;
    }
    if (i + 1 < count) block.upsampler = Upsample2D(block_scope / "upsamplers" / 0, channels);
    up_blocks.push_back(std::move(block));
  }
}

Tensor VaeDecoder::operator()(const Tensor& latents) const {
  Tensor x = mid_block(conv_in(latents));
  for (const UpBlock& block : up_blocks) {
    for (const ResnetBlock2D& layer : block.resnets) x = layer(x);
    if (block.upsampler.defined()) x = block.upsampler(x, 2 * x.dim(1), 2 * x.dim(2));
  }
  return conv_out(conv_norm_out(x));
}

Tensor LatentDistribution::sample(const Tensor& noise) const {
  if (noise.shape() != mean.shape())
    throw Error(ErrorCode::InvalidArgument,
                "[vae] noise " + noise.shape().to_string() + "; must be " + mean.shape().to_string());
  const Tensor host_mean = to_host(mean), host_logvar = to_host(logvar);
  Tensor latents = Tensor::empty(noise.shape());
  for (int64_t i = 0; i < latents.numel(); ++i)
    latents.f32()[i] = host_mean.f32()[i] + std::exp(0.5f * host_logvar.f32()[i]) * noise.f32()[i];
  return latents;
}

AutoencoderKL::AutoencoderKL(const AutoencoderConfig& config, WeightSource& weights)
    : config_(config),
      encoder_(WeightScope(weights) / "encoder", config),
      decoder_(WeightScope(weights) / "decoder", config) {
  const WeightScope scope(weights);
  if (config.use_quant_conv)
    quant_conv_ = Conv2d(scope / "quant_conv", 2 * config.latent_channels, 2 * config.latent_channels, 1);
  if (config.use_post_quant_conv)
    post_quant_conv_ = Conv2d(scope / "post_quant_conv", config.latent_channels, config.latent_channels, 1);
}

LatentDistribution AutoencoderKL::encode(const Tensor& picture) const {
  Tensor moments = encoder_(picture);
  if (quant_conv_.defined()) moments = quant_conv_(moments);
  const int64_t c = config_.latent_channels;
  return {.moments = moments,
          .mean = slice(moments, -1, 0, c),
          .logvar = clamp(slice(moments, -1, c, 2 * c), -30.0f, 20.0f)};
}

Tensor AutoencoderKL::decode(const Tensor& latents, int64_t band_rows) const {
  Tensor z = weighted_sum({{1.0 / config_.scaling_factor, latents}});
  if (config_.shift_factor != 0.0f) z = affine(z, 1.0, config_.shift_factor);
  if (post_quant_conv_.defined()) z = post_quant_conv_(z);
  return band_rows == 0 ? decoder_(z) : decoder_.decode_in_bands(z, band_rows);
}

}  // namespace easel
