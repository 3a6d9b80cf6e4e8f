// LDM numbers the blocks of a path through all resolutions: input_blocks.0 is the first convolution, then come the
// layers of each resolution, each resolution but the last followed by its downsampler; an upsampler is the last module
// of a resolution's last output block. Rombach et al., https://github.com/CompVis/latent-diffusion, UNetModel.
#include <nlohmann/json.hpp>

#include "checkpoints/ldm/ldm_names.h"

namespace easel {
namespace {

using nlohmann::json;

std::string at(const std::string& name, size_t index) { return name + "." + std::to_string(index); }

std::vector<size_t> layers_per_block(const json& config, size_t count) {
  const json layers = config.value("layers_per_block", json(2));
  return layers.is_array() ? layers.get<std::vector<size_t>>() : std::vector<size_t>(count, layers.get<size_t>());
}

bool has_attention(const json& config, const char* key, size_t block) {
  return config.at(key).at(block).get_ref<const std::string&>().starts_with("CrossAttn");
}

void add_resnet(std::vector<LdmName>& names, const std::string& ldm, const std::string& diffusers) {
  constexpr const char* kModules[][2] = {{"in_layers.0", "norm1"},          {"in_layers.2", "conv1"},
                                         {"out_layers.0", "norm2"},         {"out_layers.3", "conv2"},
                                         {"emb_layers.1", "time_emb_proj"}, {"skip_connection", "conv_shortcut"}};
  for (const auto& [ours, theirs] : kModules) names.push_back({ldm + "." + ours, diffusers + "." + theirs});
}

void add_down_path(std::vector<LdmName>& names, const json& config) {
  const size_t count = config.at("block_out_channels").size();
  const auto layers = layers_per_block(config, count);
  size_t input = 1;
  for (size_t block = 0; block < count; ++block) {
    const std::string diffusers = at("down_blocks", block);
    for (size_t layer = 0; layer < layers[block]; ++layer, ++input) {
      add_resnet(names, at("input_blocks", input) + ".0", at(diffusers + ".resnets", layer));
      if (has_attention(config, "down_block_types", block))
        names.push_back({at("input_blocks", input) + ".1", at(diffusers + ".attentions", layer)});
    }
    if (block + 1 == count) break;
    names.push_back({at("input_blocks", input) + ".0.op", diffusers + ".downsamplers.0.conv"});
    ++input;
  }
}

void add_up_path(std::vector<LdmName>& names, const json& config) {
  const size_t count = config.at("block_out_channels").size();
  const auto layers = layers_per_block(config, count);
  size_t output = 0;
  for (size_t block = 0; block < count; ++block) {
    const std::string diffusers = at("up_blocks", block);
    const bool attention = has_attention(config, "up_block_types", block);
    const size_t last = layers[count - 1 - block];  // one layer more than the way down
    for (size_t layer = 0; layer <= last; ++layer, ++output) {
      const std::string ldm = at("output_blocks", output);
      add_resnet(names, ldm + ".0", at(diffusers + ".resnets", layer));
      if (attention) names.push_back({ldm + ".1", at(diffusers + ".attentions", layer)});
      if (layer == last && block + 1 < count)
        names.push_back({ldm + (attention ? ".2.conv" : ".1.conv"), diffusers + ".upsamplers.0.conv"});
    }
  }
}

}  // namespace

std::vector<LdmName> unet_ldm_names(const json& config) {
  // SDXL's size and pooled text, unCLIP's image embedding and class labels all enter at LDM's label_emb.
  const bool is_text_time = config.value("addition_embed_type", json()).is_string();
  const std::string label = is_text_time ? "add_embedding" : "class_embedding";
  std::vector<LdmName> names = {
      {"time_embed.0", "time_embedding.linear_1"},
      {"time_embed.2", "time_embedding.linear_2"},
      {"label_emb.0.0", label + ".linear_1"},
      {"label_emb.0.2", label + ".linear_2"},
      {"label_emb.weight", "class_embedding.weight"},
      {"input_blocks.0.0", "conv_in"},
      {"middle_block.1", "mid_block.attentions.0"},
      {"out.0", "conv_norm_out"},
      {"out.2", "conv_out"},
  };
  add_resnet(names, "middle_block.0", "mid_block.resnets.0");
  add_resnet(names, "middle_block.2", "mid_block.resnets.1");
  add_down_path(names, config);
  add_up_path(names, config);
  return names;
}

}  // namespace easel
