// unet.h — the denoising network of Stable Diffusion. Rombach et al. 2022, arXiv:2112.10752; Ho et al. 2020, appendix
// B. Member names equal diffusers' checkpoint keys.
#pragma once

#include <vector>

#include "models/layers/resnet_block.h"
#include "models/layers/timestep_embedding.h"
#include "models/layers/transformer_block.h"
#include "models/unet/unet_config.h"

namespace easel {

// Everything the network looks at besides its weights; N counts the samples of a batch (2 with guidance).
struct UNetInputs {
  Tensor sample;  // [N, H, W, in_channels]: noisy latents, with extra channels behind them where the model has them
  std::vector<float> timesteps;  // N values, fractions allowed
  Tensor encoder_hidden_states;  // [N, L, cross_attention_dim]
  Tensor class_labels;           // [N] i32 for a table, [N] f32 for timestep, [N, D] f32 for vectors; undefined without
  Tensor text_embeds;            // [N, D] pooled text (SDXL)
  std::vector<float> time_ids;   // N * 6 values (SDXL): original height, width, crop top, left, target height, width
};

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

class UNet2DConditionModel {
 public:
  UNet2DConditionModel(const UNetConfig& config, WeightSource& weights);

  // Returns the network's prediction [N, H, W, out_channels]: noise, velocity or sample, as it was trained.
  // Throws InvalidArgument where an input that the config asks for is missing or does not fit.
  Tensor operator()(const UNetInputs& inputs) const;
  const UNetConfig& config() const { return config_; }

 private:
  Tensor time_embedding(const UNetInputs& inputs) const;
  Tensor class_embedding(const UNetInputs& inputs) const;
  Tensor text_time_embedding(const UNetInputs& inputs) const;

  UNetConfig config_;
  Conv2d conv_in_;
  TimestepEmbedding time_embedding_;
  TimestepEmbedding class_embedding_;
  Tensor class_embedding_table_;
  TimestepEmbedding add_embedding_;
  std::vector<UNetDownBlock> down_blocks_;
  UNetMidBlock mid_block_;
  std::vector<UNetUpBlock> up_blocks_;
  GroupNorm conv_norm_out_;
  Conv2d conv_out_;
};

}  // namespace easel
