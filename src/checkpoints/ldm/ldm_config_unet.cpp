#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoints/ldm/ldm_config.h"
#include "checkpoints/ldm/ldm_layout.h"
#include "easel/error.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr int64_t kHeadChannels = 64;       // of a head in SD 2 and SDXL
constexpr int64_t kHeads = 8;               // in SD 1 and in the x4 upscaler, at every resolution
constexpr int64_t kUpscalerInChannels = 7;  // latents and the low-resolution picture
constexpr int64_t kTimeIdChannels = 256;    // of the embedding of each of SDXL's size numbers
// SDXL base: 1280 pooled channels and six numbers of 256; refiner: five numbers.
constexpr int64_t kTextTimeChannels[] = {1280 + 6 * kTimeIdChannels, 1280 + 5 * kTimeIdChannels};

// One resolution of the way down.
struct Level {
  int64_t channels = 0;
  int64_t layers = 0;
  int64_t transformer_layers = 0;  // 0: no attention
  int64_t attention_channels = 0;  // that self-attention's keys are made from
};

std::vector<Level> read_levels(const ShapeReader& shapes) {
  std::vector<Level> levels(1);
  for (int64_t i = 1;; ++i) {
    const std::string block = "input_blocks." + std::to_string(i) + ".";
    Level& level = levels.back();
    if (shapes.has(block + "0.op.weight")) {
      levels.emplace_back();
    } else if (shapes.has(block + "0.out_layers.3.weight")) {
      level.channels = shapes.extent(block + "0.out_layers.3.weight", 0);
      ++level.layers;
      level.transformer_layers = shapes.count(block + "1.transformer_blocks.", ".norm1.weight");
      if (level.transformer_layers > 0)
        level.attention_channels = shapes.extent(block + "1.transformer_blocks.0.attn1.to_k.weight", 1);
    } else {
      break;
    }
  }
  if (std::ranges::any_of(levels, [](const Level& level) { return level.layers == 0; }))
    throw Error(ErrorCode::CorruptFile, "[checkpoint] the U-Net has a resolution without layers");
  return levels;
}

// One number where all are equal, as diffusers writes them.
json number_or_list(const std::vector<int64_t>& values) {
  const bool equal = std::ranges::all_of(values, [&](int64_t value) { return value == values[0]; });
  return equal ? json(values[0]) : json(values);
}

// Resolutions without attention count as 1, the lowest as the middle block, whose depth diffusers takes from there;
// where all others agree they count alike.
json transformer_layers(const std::vector<Level>& levels, int64_t middle) {
  std::vector<int64_t> present = {middle}, all;
  for (const Level& level : levels) {
    if (level.transformer_layers > 0) present.push_back(level.transformer_layers);
    all.push_back(std::max<int64_t>(level.transformer_layers, 1));
  }
  if (levels.back().transformer_layers == 0) all.back() = middle;
  const json shared = number_or_list(present);
  return shared.is_number() ? shared : json(all);
}

void add_blocks(json& config, const ShapeReader& shapes, const std::vector<Level>& levels) {
  std::vector<int64_t> channels, layers;
  std::vector<std::string> down, up;
  int64_t output = 0;
  for (const Level& level : levels) {
    channels.push_back(level.channels);
    layers.push_back(level.layers);
    down.push_back(level.transformer_layers > 0 ? "CrossAttnDownBlock2D" : "DownBlock2D");
  }
  for (size_t i = levels.size(); i-- > 0;) {
    const bool attends = shapes.has("output_blocks." + std::to_string(output) + ".1.proj_in.weight");
    up.push_back(attends ? "CrossAttnUpBlock2D" : "UpBlock2D");
    output += levels[i].layers + 1;
  }
  config["block_out_channels"] = channels;
  config["norm_num_groups"] = infer_norm_groups(channels);
  config["layers_per_block"] = number_or_list(layers);
  config["down_block_types"] = down;
  config["up_block_types"] = up;
}

void add_attention(json& config, const ShapeReader& shapes, const std::vector<Level>& levels) {
  const std::string middle = "middle_block.1.";
  const int64_t context = shapes.extent(middle + "transformer_blocks.0.attn2.to_k.weight", 1);
  const bool is_linear = shapes.rank(middle + "proj_in.weight") == 2;
  config["cross_attention_dim"] = context;
  config["use_linear_projection"] = is_linear;
  config["transformer_layers_per_block"] =
      transformer_layers(levels, shapes.count(middle + "transformer_blocks.", ".norm1.weight"));
  std::vector<int64_t> heads;
  std::vector<bool> only_cross;
  for (const Level& level : levels) {
    heads.push_back(std::max<int64_t>(level.channels / kHeadChannels, 1));
    only_cross.push_back(level.transformer_layers > 0 && level.attention_channels != level.channels);
  }
  const bool eight_heads = !is_linear || config["in_channels"] == kUpscalerInChannels;
  config["attention_head_dim"] = eight_heads ? json(kHeads) : json(heads);
  if (std::ranges::count(only_cross, true) > 0) config["only_cross_attention"] = only_cross;
}

// has_conditioner: the file has SDXL's text encoders.
void add_class_embedding(json& config, const ShapeReader& shapes, bool has_conditioner) {
  if (shapes.has("label_emb.weight")) config["num_class_embeds"] = shapes.extent("label_emb.weight", 0);
  if (!shapes.has("label_emb.0.0.weight")) return;
  const int64_t channels = shapes.extent("label_emb.0.0.weight", 1);
  config["projection_class_embeddings_input_dim"] = channels;
  if (!has_conditioner && std::ranges::find(kTextTimeChannels, channels) == std::end(kTextTimeChannels)) {
    config["class_embed_type"] = "projection";
    return;
  }
  config["addition_embed_type"] = "text_time";
  config["addition_time_embed_dim"] = kTimeIdChannels;
}

}  // namespace

json infer_unet_config(const std::map<std::string, Tensor>& weights, const std::string& prefix) {
  const ShapeReader shapes(weights, prefix);
  const std::vector<Level> levels = read_levels(shapes);
  json config = {{"_class_name", "UNet2DConditionModel"},
                 {"in_channels", shapes.extent("input_blocks.0.0.weight", 1)},
                 {"out_channels", shapes.extent("out.2.weight", 0)},
                 {"norm_eps", 1e-5},
                 {"act_fn", "silu"},
                 {"flip_sin_to_cos", true},
                 {"freq_shift", 0}};
  add_blocks(config, shapes, levels);
  add_attention(config, shapes, levels);
  add_class_embedding(config, shapes, find_ldm_part(weights, "text_encoder_2").has_value());
  return config;
}

}  // namespace easel
