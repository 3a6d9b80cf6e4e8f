#include "models/layers/resnet_block.h"

#include "ops/autograd.h"

namespace easel {

ResnetBlock2D::ResnetBlock2D(const WeightScope& scope, const ResnetBlockConfig& config)
    : output_scale_factor(config.output_scale_factor) {
  const GroupNormOptions norm_options{.num_groups = config.norm_num_groups, .eps = config.norm_eps, .fuse_silu = true};
  norm1 = GroupNorm(scope / "norm1", config.in_channels, norm_options);
  conv1 = Conv2d(scope / "conv1", config.in_channels, config.out_channels, 3);
  if (config.temb_channels > 0)
    time_emb_proj = Linear(scope / "time_emb_proj", config.temb_channels, config.out_channels);
  norm2 = GroupNorm(scope / "norm2", config.out_channels, norm_options);
  conv2 = Conv2d(scope / "conv2", config.out_channels, config.out_channels, 3);
  if (config.in_channels != config.out_channels)
    conv_shortcut = Conv2d(scope / "conv_shortcut", config.in_channels, config.out_channels, 1);
}

Tensor ResnetBlock2D::operator()(const Tensor& x, const Tensor& silu_temb) const {
  return checkpointed([this](const std::vector<Tensor>& inputs) { return forward(inputs[0], inputs[1]); },
                      {x, silu_temb});
}

Tensor ResnetBlock2D::forward(const Tensor& x, const Tensor& silu_temb) const {
  Conv2dOptions first = conv1.options;
  if (silu_temb.defined()) first.channel_bias = time_emb_proj(silu_temb);
  Tensor h = conv1(norm1(x), first);  // [N, H, W, C_out]
  h = norm2(h);
  Conv2dOptions second = conv2.options;
  second.residual = shortcut(x);
  h = conv2(h, second);
  return output_scale_factor == 1.0f ? h : weighted_sum({{1.0 / output_scale_factor, h}});
}

Downsample2D::Downsample2D(const WeightScope& scope, int64_t channels, const Padding& padding)
    : conv(scope / "conv", channels, channels, 3) {
  conv.options.stride = 2;
  conv.options.padding = padding;
}

}  // namespace easel
