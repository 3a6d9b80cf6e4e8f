#include "models/unet/unet.h"

#include "easel/error.h"

namespace easel {
namespace {

// A map of the encoder half with what a ControlNet adds to it.
Tensor with_residual(const Tensor& map, const Tensor& residual, const char* name) {
  if (!residual.defined()) return map;
  if (residual.shape() != map.shape())
    throw Error(ErrorCode::InvalidArgument, std::string("[unet] ") + name + " residual " +
                                                residual.shape().to_string() + "; must be " + map.shape().to_string());
  return add(map, residual);
}

void add_residuals(const UNetResiduals& residuals, UNetEncoded& encoded) {
  encoded.hidden = with_residual(encoded.hidden, residuals.mid, "mid");
  if (residuals.down.empty()) return;
  if (residuals.down.size() != encoded.skips.size())
    throw Error(ErrorCode::InvalidArgument, "[unet] " + std::to_string(residuals.down.size()) +
                                                " down residuals; must be " + std::to_string(encoded.skips.size()));
  for (size_t i = 0; i < encoded.skips.size(); ++i)
    encoded.skips[i] = with_residual(encoded.skips[i], residuals.down[i], "down");
}

}  // namespace

UNet2DConditionModel::UNet2DConditionModel(const UNetConfig& config, WeightSource& weights)
    : encoder_half_(config, WeightScope(weights)) {
  const WeightScope scope(weights);
  const int64_t first = config.blocks.front().channels;
  for (size_t i = 0; i < config.blocks.size(); ++i)
    up_blocks_.push_back(build_up_block(scope / "up_blocks" / static_cast<int64_t>(i), config, i));
  conv_norm_out_ = GroupNorm(scope / "conv_norm_out", first,
                             {.num_groups = config.norm_num_groups, .eps = config.norm_eps, .fuse_silu = true});
  conv_out_ = Conv2d(scope / "conv_out", first, config.out_channels, config.conv_out_kernel);
}

Tensor UNet2DConditionModel::operator()(const UNetInputs& inputs) const {
  UNetEncoded encoded = encoder_half_(inputs);
  add_residuals(inputs.residuals, encoded);
  auto& [skips, x, silu_temb] = encoded;
  for (const UNetUpBlock& block : up_blocks_) {
    for (size_t j = 0; j < block.resnets.size(); ++j) {
      x = concat({x, skips.back()}, -1);
      skips.pop_back();
      x = block.resnets[j](x, silu_temb);
      if (!block.attentions.empty()) x = block.attentions[j](x, inputs.encoder_hidden_states);
    }
    // The size of the next skip connection, which differs from twice the size where a dimension was odd.
    if (block.upsampler.defined()) x = block.upsampler(x, skips.back().dim(1), skips.back().dim(2));
  }
  return conv_out_(conv_norm_out_(x));  // [N, H, W, out_channels]
}

}  // namespace easel
