// resnet_block.h — the residual block of U-Net and VAE, and the layers that change the size of a feature map.
#pragma once

#include "models/layers/layers.h"

namespace easel {

struct ResnetBlockConfig {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t temb_channels = 0;  // 0: no time embedding (VAE)
  int64_t norm_num_groups = 32;
  float norm_eps = 1e-5f;
  float output_scale_factor = 1.0f;  // the sum is divided by it
};

// y = (conv_shortcut?(x) + conv2(silu(norm2(conv1(silu(norm1(x))) + time_emb_proj(silu(temb)))))) /
// output_scale_factor.
struct ResnetBlock2D {
  GroupNorm norm1;
  Conv2d conv1;
  Linear time_emb_proj;
  GroupNorm norm2;
  Conv2d conv2;
  Conv2d conv_shortcut;  // 1x1, where the number of channels changes
  float output_scale_factor = 1.0f;

  ResnetBlock2D() = default;
  ResnetBlock2D(const WeightScope& scope, const ResnetBlockConfig& config);

  // x: [N, H, W, C_in]; silu_temb: silu of the time embedding [N, temb_channels], undefined without one.
  // Returns [N, H, W, C_out]. Computed again during backward where gradients are checkpointed (ops/autograd.h).
  Tensor operator()(const Tensor& x, const Tensor& silu_temb = {}) const;
  // The skip connection: x itself, or its 1x1 convolution.
  Tensor shortcut(const Tensor& x) const { return conv_shortcut.defined() ? conv_shortcut(x) : x; }

 private:
  Tensor forward(const Tensor& x, const Tensor& silu_temb) const;
};

// Nearest-neighbour resize, then a 3x3 convolution.
struct Upsample2D {
  Conv2d conv;

  Upsample2D() = default;
  Upsample2D(const WeightScope& scope, int64_t channels) : conv(scope / "conv", channels, channels, 3) {}
  Tensor operator()(const Tensor& x, int64_t height, int64_t width) const {
    return conv(upsample_nearest(x, height, width));
  }
  bool defined() const { return conv.defined(); }
};

// A 3x3 convolution of stride 2.
struct Downsample2D {
  Conv2d conv;

  Downsample2D() = default;
  Downsample2D(const WeightScope& scope, int64_t channels, const Padding& padding);
  Tensor operator()(const Tensor& x) const { return conv(x); }
  bool defined() const { return conv.defined(); }
};

}  // namespace easel
