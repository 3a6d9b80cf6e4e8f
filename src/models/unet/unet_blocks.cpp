#include "models/unet/unet_blocks.h"

namespace easel {
namespace {

ResnetBlockConfig resnet_config(const UNetConfig& config, int64_t in_channels, int64_t out_channels) {
  return {.in_channels = in_channels,
          .out_channels = out_channels,
          .temb_channels = config.time_embed_dim(),
          .norm_num_groups = config.norm_num_groups,
          .norm_eps = config.norm_eps};
}

TransformerConfig transformer_config(const UNetConfig& config, const UNetBlockConfig& block) {
  return {.channels = block.channels,
          .num_attention_heads = block.num_attention_heads,
          .cross_attention_dim = block.cross_attention_dim,
          .num_layers = block.transformer_layers,
          .norm_num_groups = config.norm_num_groups,
          .use_linear_projection = config.use_linear_projection,
          .only_cross_attention = block.only_cross_attention};
}

}  // namespace

UNetDownBlock build_down_block(const WeightScope& scope, const UNetConfig& config, size_t index) {
  const UNetBlockConfig& block = config.blocks[index];
  int64_t in_channels = config.blocks[index == 0 ? 0 : index - 1].channels;
  UNetDownBlock built;
  for (int64_t j = 0; j < block.num_layers; ++j) {
    built.resnets.emplace_back(scope / "resnets" / j, resnet_config(config, in_channels, block.channels));
    if (block.cross_attention)
      built.attentions.emplace_back(scope / "attentions" / j, transformer_config(config, block));
    in_channels = block.channels;
  }
  if (index + 1 < config.blocks.size())
    built.downsampler =
        Downsample2D(scope / "downsamplers" / 0, block.channels, Padding::all(config.downsample_padding));
  return built;
}

UNetMidBlock build_mid_block(const WeightScope& scope, const UNetConfig& config) {
  UNetBlockConfig block = config.blocks.back();
  block.only_cross_attention = false;  // the middle always attends to itself first
  ResnetBlockConfig resnet = resnet_config(config, block.channels, block.channels);
  resnet.output_scale_factor = config.mid_block_scale_factor;
  UNetMidBlock built;
  built.resnets.emplace_back(scope / "resnets" / 0, resnet);
  built.attentions.emplace_back(scope / "attentions" / 0, transformer_config(config, block));
  built.resnets.emplace_back(scope / "resnets" / 1, resnet);
  return built;
}

// Residual block j takes the concatenation of the running map and of the down path's map j from the end, whose channels
// follow from the order in which the down path stored them.
UNetUpBlock build_up_block(const WeightScope& scope, const UNetConfig& config, size_t index) {
  const size_t last = config.blocks.size() - 1;
  const UNetBlockConfig& block = config.blocks[last - index];
  const int64_t below = config.blocks[last - (index == 0 ? 0 : index - 1)].channels;
  const int64_t skip_of_next = config.blocks[index == last ? 0 : last - index - 1].channels;
  UNetUpBlock built;
  for (int64_t j = 0; j <= block.num_layers; ++j) {
    const int64_t running = j == 0 ? below : block.channels;
    const int64_t skip = j == block.num_layers ? skip_of_next : block.channels;
    built.resnets.emplace_back(scope / "resnets" / j, resnet_config(config, running + skip, block.channels));
    if (config.up_cross_attention[index])
      built.attentions.emplace_back(scope / "attentions" / j, transformer_config(config, block));
  }
  if (index < last) built.upsampler = Upsample2D(scope / "upsamplers" / 0, block.channels);
  return built;
}

}  // namespace easel
