// autoencoder_kl.h — the variational autoencoder between pictures and latents. Rombach et al. 2022, arXiv:2112.10752,
// section 3.1. Member names equal diffusers' checkpoint keys.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "models/layers/resnet_block.h"
#include "models/layers/transformer_block.h"

namespace easel {

struct AutoencoderConfig {
  int64_t in_channels = 3;
  int64_t out_channels = 3;
  int64_t latent_channels = 4;
  std::vector<int64_t> block_out_channels{128, 256, 512, 512};
  int64_t layers_per_block = 2;  // the decoder's blocks have one more
  int64_t norm_num_groups = 32;
  float scaling_factor = 0.18215f;  // network latents = scaling_factor * (autoencoder latents - shift_factor)
  float shift_factor = 0.0f;
  bool use_quant_conv = true;
  bool use_post_quant_conv = true;
  bool mid_block_add_attention = true;

  // Pixels per latent along each side.
  int64_t downsampling() const { return int64_t{1} << (block_out_channels.size() - 1); }

  // Throws as UNetConfig::from_json does.
  static AutoencoderConfig from_json(const nlohmann::json& config);
};

// Single-head attention over all pixels, with biases and its own norm.
struct VaeAttention {
  GroupNorm group_norm;
  Attention attention;

  VaeAttention(const WeightScope& scope, int64_t channels, const GroupNormOptions& norm_options);
  Tensor operator()(const Tensor& x) const;  // [N, H, W, C] -> the same
};

struct VaeMidBlock {
  std::vector<ResnetBlock2D> resnets;
  std::vector<VaeAttention> attentions;  // one, or none

  VaeMidBlock() = default;
  VaeMidBlock(const WeightScope& scope, const AutoencoderConfig& config);
  Tensor operator()(const Tensor& x) const;
};

struct VaeEncoder {
  struct DownBlock {
    std::vector<ResnetBlock2D> resnets;
    Downsample2D downsampler;  // undefined in the last block
  };
  Conv2d conv_in;
  std::vector<DownBlock> down_blocks;
  VaeMidBlock mid_block;
  GroupNorm conv_norm_out;
  Conv2d conv_out;

  VaeEncoder(const WeightScope& scope, const AutoencoderConfig& config);
  // picture: [N, H, W, in_channels] in [-1, 1]. Returns [N, H', W', 2 * latent_channels], sizes halved and rounded down
  // once per downsampler.
  Tensor operator()(const Tensor& picture) const;
};

struct VaeDecoder {
  struct UpBlock {
    std::vector<ResnetBlock2D> resnets;
    Upsample2D upsampler;  // undefined in the last block
  };
  Conv2d conv_in;
  VaeMidBlock mid_block;
  std::vector<UpBlock> up_blocks;
  GroupNorm conv_norm_out;
  Conv2d conv_out;

  VaeDecoder(const WeightScope& scope, const AutoencoderConfig& config);
  // latents: [N, H, W, latent_channels], unscaled. Returns [N, downsampling * H, downsampling * W, out_channels].
  Tensor operator()(const Tensor& latents) const;
  // The same picture, computed in bands of `band_rows` rows after the middle block: at most two whole feature maps are
  // in memory instead of three. Group-norm statistics are those of the whole picture and bands overlap by the
  // convolutions' reach, so there are no seams; results differ from the other form by rounding only.
  Tensor decode_in_bands(const Tensor& latents, int64_t band_rows) const;
};

// Mean and logarithm of the variance of the latents' distribution, each [N, H, W, latent_channels]; logvar is clamped
// to
// [-30, 20].
struct LatentDistribution {
  Tensor moments;  // what the network gave: mean, then logvar not clamped, on the channel axis
  Tensor mean;
  Tensor logvar;

  // mean + exp(logvar / 2) * noise, on the host. noise: standard normal, shape of mean.
  Tensor sample(const Tensor& noise) const;
};

class AutoencoderKL {
 public:
  AutoencoderKL(const AutoencoderConfig& config, WeightSource& weights);

  // picture: [N, H, W, 3] in [-1, 1].
  LatentDistribution encode(const Tensor& picture) const;
  // latents: as the diffusion network makes them (scaled). Returns [N, H, W, 3], about [-1, 1], not clamped.
  // band_rows: 0 decodes the picture at once, otherwise in bands (see VaeDecoder).
  Tensor decode(const Tensor& latents, int64_t band_rows = 0) const;
  const AutoencoderConfig& config() const { return config_; }

 private:
  AutoencoderConfig config_;
  VaeEncoder encoder_;
  VaeDecoder decoder_;
  Conv2d quant_conv_;
  Conv2d post_quant_conv_;
};

}  // namespace easel
