#include "model_tools/network_shapes.h"

#include "easel/error.h"

namespace easel {
namespace {

using nlohmann::json;

// The published config.json files of the models, reduced to what shapes the networks.
json sd15_unet() {
  return {{"sample_size", 64},
          {"down_block_types", {"CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"}},
          {"up_block_types", {"UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"}},
          {"block_out_channels", {320, 640, 1280, 1280}},
          {"layers_per_block", 2},
          {"attention_head_dim", 8},
          {"cross_attention_dim", 768}};
}

json sd21_unet() {
  json unet = sd15_unet();
  unet["attention_head_dim"] = {5, 10, 20, 20};
  unet["cross_attention_dim"] = 1024;
  unet["use_linear_projection"] = true;
  return unet;
}

json sdxl_unet() {
  return {{"sample_size", 128},
          {"down_block_types", {"DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"}},
          {"up_block_types", {"CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"}},
          {"block_out_channels", {320, 640, 1280}},
          {"layers_per_block", 2},
          {"attention_head_dim", {5, 10, 20}},
          {"transformer_layers_per_block", {1, 2, 10}},
          {"cross_attention_dim", 2048},
          {"use_linear_projection", true},
          {"addition_embed_type", "text_time"},
          {"addition_time_embed_dim", 256},
          {"projection_class_embeddings_input_dim", 2816}};
}

json sd_vae() {
  return {{"block_out_channels", {128, 256, 512, 512}}, {"layers_per_block", 2}, {"latent_channels", 4}};
}

json clip_text(int64_t hidden_size, int64_t layers, int64_t heads, const char* act) {
  return {{"hidden_size", hidden_size},
          {"intermediate_size", 4 * hidden_size},
          {"num_hidden_layers", layers},
          {"num_attention_heads", heads},
          {"hidden_act", act},
          {"vocab_size", 49408},
          {"projection_dim", hidden_size},
          {"architectures", {"CLIPTextModel"}}};
}

json with_projection(json text_encoder) {
  text_encoder["architectures"] = {"CLIPTextModelWithProjection"};
  return text_encoder;
}

// Small, but with the numbers that a single file cannot tell (32 groups, 8 heads) as the large ones have them.
json tiny_unet() {
  return {{"sample_size", 8},
          {"down_block_types", {"CrossAttnDownBlock2D", "DownBlock2D"}},
          {"up_block_types", {"UpBlock2D", "CrossAttnUpBlock2D"}},
          {"block_out_channels", {32, 64}},
          {"layers_per_block", 1},
          {"attention_head_dim", 8},
          {"cross_attention_dim", 64}};
}

json tiny_xl_unet() {
  json unet = tiny_unet();
  unet.update({{"cross_attention_dim", 128},  // 64 + 64
               {"use_linear_projection", true},
               {"addition_embed_type", "text_time"},
               {"addition_time_embed_dim", 8},
               {"projection_class_embeddings_input_dim", 64 + 6 * 8}});
  return unet;
}

json tiny_vae() { return {{"block_out_channels", {32, 64}}, {"layers_per_block", 1}}; }

const std::vector<NetworkShape>& shapes() {
  static const std::vector<NetworkShape> list = {
      {"sd15", {clip_text(768, 12, 12, "quick_gelu")}, sd15_unet(), sd_vae()},
      {"sd21", {clip_text(1024, 23, 16, "gelu")}, sd21_unet(), sd_vae()},
      {"sdxl",
       {clip_text(768, 12, 12, "quick_gelu"), with_projection(clip_text(1280, 32, 20, "gelu"))},
       sdxl_unet(),
       sd_vae()},
      {"tiny", {clip_text(64, 2, 1, "quick_gelu")}, tiny_unet(), tiny_vae()},
      {"tiny_xl",
       {clip_text(64, 2, 1, "quick_gelu"), with_projection(clip_text(64, 3, 1, "gelu"))},
       tiny_xl_unet(),
       tiny_vae()},
  };
  return list;
}

}  // namespace

std::vector<std::string> network_shapes() {
  std::vector<std::string> names;
  for (const NetworkShape& shape : shapes()) names.push_back(shape.name);
  return names;
}

NetworkShape network_shape(const std::string& name) {
  std::string known;
  for (const NetworkShape& shape : shapes()) {
    if (shape.name == name) return shape;
    known += (known.empty() ? "" : ", ") + shape.name;
  }
  throw Error(ErrorCode::InvalidArgument, "[bench] unknown shape '" + name + "'; known are: " + known);
}

}  // namespace easel
