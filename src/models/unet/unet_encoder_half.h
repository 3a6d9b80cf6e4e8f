// unet_encoder_half.h — the down path and the middle of the denoising network: what the U-Net and a ControlNet share.
// Member names equal diffusers' checkpoint keys.
#pragma once

#include <vector>

#include "models/layers/timestep_embedding.h"
#include "models/unet/unet_blocks.h"

namespace easel {

// What is added to the maps that the up path takes over: diffusers' down_block_additional_residuals and
// mid_block_additional_residual. Empty and undefined: nothing.
struct UNetResiduals {
  std::vector<Tensor> down{};  // one for each skip, of its shape
  Tensor mid{};                // of the middle's shape
};

// Everything the network looks at besides its weights; N counts the samples of a batch (2 with guidance).
struct UNetInputs {
  Tensor sample;  // [N, H, W, in_channels]: noisy latents, with extra channels behind them where the model has them
  std::vector<float> timesteps;  // N values, fractions allowed
  Tensor encoder_hidden_states;  // [N, L, cross_attention_dim]
  Tensor class_labels;           // [N] i32 for a table, [N] f32 for timestep, [N, D] f32 for vectors; undefined without
  Tensor text_embeds;            // [N, D] pooled text (SDXL)
  std::vector<float> time_ids;   // N * 6 values (SDXL): original height, width, crop top, left, target height, width
  UNetResiduals residuals{};     // of ControlNets
};

struct UNetEncoded {
  std::vector<Tensor> skips;  // maps of the down path in the order in which it makes them
  Tensor hidden;              // of the middle, [N, H', W', C]
  Tensor silu_temb;           // [N, time_embed_dim]: the embedding of timestep and labels, activated
};

class UNetEncoderHalf {
 public:
  UNetEncoderHalf(const UNetConfig& config, const WeightScope& scope);

  // Without the residuals of the inputs. Throws InvalidArgument where an input that the config asks for is missing or
  // does not fit.
  UNetEncoded operator()(const UNetInputs& inputs) const;
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
};

}  // namespace easel
