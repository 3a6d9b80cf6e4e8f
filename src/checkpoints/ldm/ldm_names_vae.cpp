// LDM counts the decoder's resolutions as the encoder's, from full resolution down; diffusers in the order they run.
#include <nlohmann/json.hpp>

#include "checkpoints/ldm/ldm_names.h"

namespace easel {
namespace {

std::string at(const std::string& name, size_t index) { return name + "." + std::to_string(index); }

void add_resnet(std::vector<LdmName>& names, const std::string& ldm, const std::string& diffusers) {
  names.push_back({ldm, diffusers});
  names.push_back({ldm + ".nin_shortcut", diffusers + ".conv_shortcut"});
}

// What encoder and decoder have alike.
void add_ends_and_middle(std::vector<LdmName>& names, const std::string& half) {
  names.push_back({half + ".conv_in", half + ".conv_in"});
  names.push_back({half + ".norm_out", half + ".conv_norm_out"});
  names.push_back({half + ".conv_out", half + ".conv_out"});
  add_resnet(names, half + ".mid.block_1", half + ".mid_block.resnets.0");
  add_resnet(names, half + ".mid.block_2", half + ".mid_block.resnets.1");
  constexpr const char* kProjections[][2] = {{"q", "to_q"}, {"k", "to_k"}, {"v", "to_v"}, {"proj_out", "to_out.0"}};
  const std::string ldm = half + ".mid.attn_1.";
  const std::string diffusers = half + ".mid_block.attentions.0.";
  names.push_back({ldm + "norm", diffusers + "group_norm"});
  for (const auto& [ours, theirs] : kProjections)
    names.push_back({ldm + ours, diffusers + theirs, LdmStorage::convolution});
}

}  // namespace

std::vector<LdmName> vae_ldm_names(const nlohmann::json& config) {
  const size_t count = config.at("block_out_channels").size();
  const size_t layers = config.value("layers_per_block", size_t{2});
  std::vector<LdmName> names = {{"quant_conv", "quant_conv"}, {"post_quant_conv", "post_quant_conv"}};
  add_ends_and_middle(names, "encoder");
  add_ends_and_middle(names, "decoder");
  for (size_t level = 0; level < count; ++level) {
    const std::string down = at("encoder.down", level), down_block = at("encoder.down_blocks", level);
    const std::string up = at("decoder.up", level), up_block = at("decoder.up_blocks", count - 1 - level);
    for (size_t layer = 0; layer < layers; ++layer)
      add_resnet(names, at(down + ".block", layer), at(down_block + ".resnets", layer));
    for (size_t layer = 0; layer <= layers; ++layer)
      add_resnet(names, at(up + ".block", layer), at(up_block + ".resnets", layer));
    if (level + 1 < count) names.push_back({down + ".downsample.conv", down_block + ".downsamplers.0.conv"});
    if (level > 0) names.push_back({up + ".upsample.conv", up_block + ".upsamplers.0.conv"});
  }
  return names;
}

}  // namespace easel
