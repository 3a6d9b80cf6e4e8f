// unet_config.h — the architecture of a U-Net, as diffusers' config.json of UNet2DConditionModel states it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace easel {

// How class labels (or vectors) join the time embedding.
enum class ClassEmbedding {
  none,
  table,       // num_class_embeds rows, integer labels
  timestep,    // labels embedded like timesteps
  projection,  // vectors through two linear layers (unCLIP)
  identity,    // vectors added as they are
};

struct UNetBlockConfig {
  bool cross_attention = false;  // CrossAttn{Down,Up}Block2D
  int64_t channels = 0;
  int64_t num_layers = 2;           // residual blocks of a down block; an up block has one more
  int64_t num_attention_heads = 8;  // the file's "attention_head_dim" is this number, in spite of its name
  int64_t cross_attention_dim = 768;
  int64_t transformer_layers = 1;
  bool only_cross_attention = false;
};

struct UNetConfig {
  int64_t in_channels = 4;
  int64_t out_channels = 4;
  int64_t sample_size = 64;              // latent pixels the network was trained on
  std::vector<UNetBlockConfig> blocks;   // down path, from full resolution; the up path mirrors it
  std::vector<bool> up_cross_attention;  // per up block, from low resolution
  bool use_linear_projection = false;
  int64_t norm_num_groups = 32;
  float norm_eps = 1e-5f;
  int downsample_padding = 1;
  float mid_block_scale_factor = 1.0f;
  bool center_input_sample = false;  // 2 x - 1
  bool flip_sin_to_cos = true;
  float freq_shift = 0.0f;
  int64_t conv_in_kernel = 3;
  int64_t conv_out_kernel = 3;

  ClassEmbedding class_embedding = ClassEmbedding::none;
  int64_t num_class_embeds = 0;
  int64_t projection_class_embeddings_input_dim = 0;

  bool text_time_embedding = false;  // addition_embed_type "text_time": pooled text and sizes (SDXL)
  int64_t addition_time_embed_dim = 0;

  int64_t time_embed_dim() const { return 4 * blocks.front().channels; }
  int64_t cross_attention_dim() const { return blocks.front().cross_attention_dim; }
  // Latent sizes that are multiples of this need no resizing of skip connections.
  int64_t total_downsampling() const { return int64_t{1} << (blocks.size() - 1); }

  // Throws InvalidArgument for a value of the wrong type or out of range, Unsupported for an architecture Easel lacks.
  static UNetConfig from_json(const nlohmann::json& config);
};

}  // namespace easel
