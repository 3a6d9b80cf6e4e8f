// unet_blocks.h — what the U-Net is made of at each resolution. Member names equal diffusers' checkpoint keys.
#pragma once

#include <vector>

#include "models/layers/resnet_block.h"
#include "models/layers/transformer_block.h"
#include "models/unet/unet_config.h"

namespace easel {

struct UNetDownBlock {
  std::vector<ResnetBlock2D> resnets;
  std::vector<Transformer2DModel> attentions;  // as many as resnets, or none
  Downsample2D downsampler;                    // undefined in the last block
};

struct UNetMidBlock {
  std::vector<ResnetBlock2D> resnets;
  std::vector<Transformer2DModel> attentions;
};

struct UNetUpBlock {
  std::vector<ResnetBlock2D> resnets;
  std::vector<Transformer2DModel> attentions;
  Upsample2D upsampler;  // undefined in the last block
};

// Down block `index` counts from the highest resolution, up block `index` from the lowest.
UNetDownBlock build_down_block(const WeightScope& scope, const UNetConfig& config, size_t index);
UNetMidBlock build_mid_block(const WeightScope& scope, const UNetConfig& config);
UNetUpBlock build_up_block(const WeightScope& scope, const UNetConfig& config, size_t index);

}  // namespace easel
