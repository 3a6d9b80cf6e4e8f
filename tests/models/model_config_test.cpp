#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "model_tools/network_shapes.h"
#include "models/clip/clip_text_model.h"
#include "models/unet/unet_config.h"
#include "models/vae/autoencoder_kl.h"

namespace easel {
namespace {

// The error's message, or "" where nothing was thrown.
std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string unet_error(const char* key, const nlohmann::json& value) {
  nlohmann::json config = network_shape("sd15").unet;
  config[key] = value;
  return error_of([&] { UNetConfig::from_json(config); });
}

TEST(UNetConfig, HeadsPerBlockComeFromTheMisnamedField) {
  const UNetConfig config = UNetConfig::from_json(network_shape("sdxl").unet);
  EXPECT_EQ(config.blocks[2].num_attention_heads, 20);
  EXPECT_EQ(config.blocks[2].transformer_layers, 10);
  EXPECT_FALSE(config.blocks[0].cross_attention);
  EXPECT_EQ(config.total_downsampling(), 4);
}

TEST(UNetConfig, WrongValuesAreNamedWithKeyAndValue) {
  EXPECT_NE(unet_error("in_channels", "four").find("in_channels = \"four\""), std::string::npos);
  EXPECT_NE(unet_error("in_channels", 0).find("in_channels = 0"), std::string::npos);
  EXPECT_NE(unet_error("block_out_channels", {320, 640}).find("block_out_channels"), std::string::npos);
  EXPECT_NE(unet_error("norm_num_groups", 0).find("norm_num_groups"), std::string::npos);
  EXPECT_NE(unet_error("norm_num_groups", 7).find("block_out_channels"), std::string::npos);
  EXPECT_NE(unet_error("attention_head_dim", 7).find("attention_head_dim"), std::string::npos);
  EXPECT_NE(unet_error("down_block_types", {"KDownBlock2D"}).find("KDownBlock2D"), std::string::npos);
  EXPECT_NE(unet_error("class_embed_type", "simple_projection").find("class_embed_type"), std::string::npos);
}

TEST(AutoencoderConfig, WrongValuesAreNamed) {
  const auto vae_error = [](const char* key, const nlohmann::json& value) {
    nlohmann::json config = network_shape("sd15").vae;
    config[key] = value;
    return error_of([&] { AutoencoderConfig::from_json(config); });
  };
  EXPECT_NE(vae_error("scaling_factor", -1.0).find("scaling_factor"), std::string::npos);
  EXPECT_NE(vae_error("block_out_channels", nlohmann::json::array()).find("block_out_channels"), std::string::npos);
  EXPECT_NE(vae_error("down_block_types", {"AttnDownEncoderBlock2D"}).find("down_block_types"), std::string::npos);
}

TEST(ClipTextConfig, WrongValuesAreNamed) {
  nlohmann::json config = network_shape("sd15").text_encoders[0];
  config["hidden_act"] = "relu";
  EXPECT_NE(error_of([&] { ClipTextConfig::from_json(config); }).find("relu"), std::string::npos);
  config["hidden_act"] = "gelu";
  config["num_attention_heads"] = 5;
  EXPECT_NE(error_of([&] { ClipTextConfig::from_json(config); }).find("num_attention_heads"), std::string::npos);
}

}  // namespace
}  // namespace easel
