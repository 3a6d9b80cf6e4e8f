#include "models/unet/unet_config.h"

#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"

namespace easel {
namespace {

// Which blocks of a list attend to the text. Throws Unsupported for another kind of block.
std::vector<bool> cross_attention_flags(const ConfigReader& reader, const char* key, const std::string& with,
                                        const std::string& without) {
  std::vector<bool> flags;
  for (const std::string& type : reader.texts(key)) {
    if (type != with && type != without) reader.unsupported(key);
    flags.push_back(type == with);
  }
  if (flags.empty() || flags.size() > 8) reader.unsupported(key);
  return flags;
}

// Architectures of the same class that Easel has no layers for.
void require_known_architecture(const ConfigReader& reader) {
  reader.require("act_fn", "silu");
  reader.require("resnet_time_scale_shift", "default");
  reader.require("time_embedding_type", "positional");
  reader.require("dual_cross_attention", false);
  for (const char* key : {"encoder_hid_dim", "encoder_hid_dim_type", "time_cond_proj_dim", "timestep_post_act",
                          "time_embedding_act_fn", "reverse_transformer_layers_per_block"})
    if (reader.is_set(key)) reader.unsupported(key);
}

std::vector<UNetBlockConfig> block_configs(const ConfigReader& reader) {
  const std::vector<bool> cross =
      cross_attention_flags(reader, "down_block_types", "CrossAttnDownBlock2D", "DownBlock2D");
  const size_t count = cross.size();
  const auto channels = reader.integers("block_out_channels", 0, count);
  const auto layers = reader.integers("layers_per_block", 2, count);
  // num_attention_heads replaces the misnamed field where a file has it.
  const char* heads_key = reader.is_set("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
  const auto heads = reader.integers(heads_key, 8, count);
  const auto context = reader.integers("cross_attention_dim", 1280, count);
  const auto transformers = reader.integers("transformer_layers_per_block", 1, count);
  const auto only_cross = reader.booleans("only_cross_attention", false, count);
  std::vector<UNetBlockConfig> blocks;
  for (size_t i = 0; i < count; ++i)
    blocks.push_back({.cross_attention = cross[i],
                      .channels = channels[i],
                      .num_layers = layers[i],
                      .num_attention_heads = heads[i],
                      .cross_attention_dim = context[i],
                      .transformer_layers = transformers[i],
                      .only_cross_attention = only_cross[i]});
  return blocks;
}

void read_class_embedding(const ConfigReader& reader, UNetConfig& config) {
  const std::string type = reader.text("class_embed_type", "");
  config.num_class_embeds = reader.integer("num_class_embeds", 0, 1, kMaxConfigExtent);
  config.projection_class_embeddings_input_dim =
      reader.integer("projection_class_embeddings_input_dim", 0, 1, kMaxConfigExtent);
  if (type.empty())
    config.class_embedding = config.num_class_embeds > 0 ? ClassEmbedding::table : ClassEmbedding::none;
  else if (type == "timestep")
    config.class_embedding = ClassEmbedding::timestep;
  else if (type == "projection" && config.projection_class_embeddings_input_dim > 0)
    config.class_embedding = ClassEmbedding::projection;
  else if (type == "identity")
    config.class_embedding = ClassEmbedding::identity;
  else
    reader.unsupported("class_embed_type");

  reader.require("addition_embed_type", "text_time");
  config.text_time_embedding = reader.is_set("addition_embed_type");
  config.addition_time_embed_dim = reader.integer("addition_time_embed_dim", 0, 1, kMaxConfigExtent);
}

void require_consistent(const ConfigReader& reader, const UNetConfig& config) {
  if (config.up_cross_attention.size() != config.blocks.size()) reader.unsupported("up_block_types");
  for (const UNetBlockConfig& block : config.blocks) {
    if (block.channels <= 0 || block.channels % config.norm_num_groups != 0) reader.unsupported("block_out_channels");
    if (block.channels % block.num_attention_heads != 0)
      reader.unsupported(reader.is_set("num_attention_heads") ? "num_attention_heads" : "attention_head_dim");
  }
}

}  // namespace

UNetConfig UNetConfig::from_json(const nlohmann::json& json) {
  const ConfigReader reader(json, "unet");
  require_known_architecture(reader);
  UNetConfig config;
  config.in_channels = reader.integer("in_channels", 4, 1, 1024);
  config.out_channels = reader.integer("out_channels", 4, 1, 1024);
  config.sample_size = reader.integer("sample_size", 64, 1, 1 << 16);
  config.blocks = block_configs(reader);
  config.up_cross_attention = cross_attention_flags(reader, "up_block_types", "CrossAttnUpBlock2D", "UpBlock2D");
  reader.require("mid_block_type", "UNetMidBlock2DCrossAttn");
  config.use_linear_projection = reader.boolean("use_linear_projection", false);
  config.norm_num_groups = reader.integer("norm_num_groups", 32, 1, 1024);
  config.norm_eps = static_cast<float>(reader.number("norm_eps", 1e-5));
  config.downsample_padding = static_cast<int>(reader.integer("downsample_padding", 1, 0, 1));
  config.mid_block_scale_factor = static_cast<float>(reader.number("mid_block_scale_factor", 1.0));
  config.center_input_sample = reader.boolean("center_input_sample", false);
  config.flip_sin_to_cos = reader.boolean("flip_sin_to_cos", true);
  config.freq_shift = static_cast<float>(reader.number("freq_shift", 0.0));
  config.conv_in_kernel = reader.integer("conv_in_kernel", 3, 1, 7);
  config.conv_out_kernel = reader.integer("conv_out_kernel", 3, 1, 7);
  read_class_embedding(reader, config);
  require_consistent(reader, config);
  return config;
}

}  // namespace easel
