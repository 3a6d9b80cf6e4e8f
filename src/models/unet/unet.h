// unet.h — the denoising network of Stable Diffusion. Rombach et al. 2022, arXiv:2112.10752; Ho et al. 2020, appendix
// B. Member names equal diffusers' checkpoint keys.
#pragma once

#include <vector>

#include "models/unet/unet_encoder_half.h"

namespace easel {

class UNet2DConditionModel {
 public:
  UNet2DConditionModel(const UNetConfig& config, WeightSource& weights);

  // Returns the network's prediction [N, H, W, out_channels]: noise, velocity or sample, as it was trained.
  // Throws InvalidArgument where an input that the config asks for is missing or does not fit.
  Tensor operator()(const UNetInputs& inputs) const;
  const UNetConfig& config() const { return encoder_half_.config(); }

 private:
  UNetEncoderHalf encoder_half_;
  std::vector<UNetUpBlock> up_blocks_;
  GroupNorm conv_norm_out_;
  Conv2d conv_out_;
};

}  // namespace easel
