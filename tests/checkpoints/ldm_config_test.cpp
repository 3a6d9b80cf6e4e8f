#include "checkpoints/ldm/ldm_config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "checkpoints/checkpoint.h"
#include "checkpoints/ldm/ldm_yaml.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "golden/golden_folder.h"
#include "temporary_folder.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr const char* kUNet = "model.diffusion_model.";

TensorFile ldm_file(const std::string& golden_case) {
  return read_tensor_file(golden::golden_folder() / golden_case / "model.safetensors");
}

// Keys that shapes do not tell; the cases' own numbers differ from the published models'.
constexpr const char* kFreeKeys[] = {"norm_num_groups", "attention_head_dim", "sample_size", "addition_time_embed_dim"};

void expect_same_architecture(const json& inferred, const json& stated, const std::string& what) {
  for (const auto& [key, value] : inferred.items()) {
    const bool is_free = std::ranges::find(kFreeKeys, key) != std::end(kFreeKeys);
    if (key == "_class_name" || is_free || !stated.contains(key)) continue;
    EXPECT_EQ(value, stated[key]) << what << ": " << key;
  }
}

class InferredUNetConfig : public testing::TestWithParam<const char*> {};

TEST_P(InferredUNetConfig, EqualsTheStatedOneWhereShapesTell) {
  const std::string name = std::string("unet/") + GetParam();
  if (!std::filesystem::exists(golden::golden_folder() / name)) GTEST_SKIP() << "the golden data here lack " << name;
  TensorFile file = ldm_file(name);
  const json stated = read_json(golden::golden_folder() / name / "case.json")["config"]["diffusers_equivalent"];
  if (stated.contains("addition_embed_type"))  // SDXL's label_emb is known by the text encoders beside it
    file.tensors["conditioner.embedders.1.model.ln_final.weight"] = Tensor::zeros({8});
  const json inferred = infer_unet_config(file.tensors, kUNet);
  expect_same_architecture(inferred, stated, name);
  for (const char* key : {"in_channels", "block_out_channels", "down_block_types", "up_block_types", "layers_per_block",
                          "cross_attention_dim", "use_linear_projection"})
    EXPECT_TRUE(inferred.contains(key)) << key;
  for (const char* key : {"class_embed_type", "addition_embed_type", "projection_class_embeddings_input_dim"})
    EXPECT_EQ(inferred.value(key, json()), stated.value(key, json())) << key;
}

INSTANTIATE_TEST_SUITE_P(Golden, InferredUNetConfig,
                         testing::Values("sd1_ldm", "sd1_full_ldm", "sd2_ldm", "sdxl_ldm", "inpaint9_ldm",
                                         "unclip_ldm"));

TEST(InferredConfig, UpscalerAttendsToTheTextAloneAndHasEightHeads) {
  const auto folder = golden::golden_folder() / "models" / "tiny_x4" / "unet";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the golden data here lack models/tiny_x4";
  const json stated = read_json(folder / "config.json");
  const WeightMap weights = read_tensor_file(folder / "diffusion_pytorch_model.safetensors").tensors;
  const json inferred = infer_unet_config(diffusers_to_ldm(weights, "unet", stated), kUNet);
  EXPECT_EQ(inferred["in_channels"], 7);
  EXPECT_EQ(inferred["num_class_embeds"], stated["num_class_embeds"]);
  EXPECT_EQ(inferred["attention_head_dim"], 8);
  EXPECT_EQ(inferred["down_block_types"], stated["down_block_types"]);
  EXPECT_EQ(inferred["up_block_types"], stated["up_block_types"]);
}

TEST(InferredConfig, AutoencoderEqualsTheStatedOne) {
  const json stated = read_json(golden::golden_folder() / "vae_encode/ldm/case.json")["config"]["diffusers_equivalent"];
  const json inferred = infer_ldm_configs(ldm_file("vae_encode/ldm"), {}).at("vae");
  expect_same_architecture(inferred, stated, "vae");
  EXPECT_EQ(inferred["block_out_channels"], stated["block_out_channels"]);
  EXPECT_EQ(inferred["scaling_factor"], 0.18215);
}

void expect_text_config(const json& inferred, const json& stated) {
  for (const char* key : {"vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
                          "max_position_embeddings", "hidden_act", "projection_dim", "architectures"})
    EXPECT_EQ(inferred.at(key), stated.at(key)) << key;
}

TEST(InferredConfig, TextEncodersEqualTheStatedOnes) {
  for (const std::string name : {"text_encoder/sd1_ldm", "text_encoder/sd2_ldm"})
    expect_text_config(infer_ldm_configs(ldm_file(name), {}).at("text_encoder"),
                       read_json(golden::golden_folder() / name / "case.json")["config"]);
  const auto pair = infer_ldm_configs(ldm_file("text_encoder/sdxl_pair_ldm"), {});
  const json stated = read_json(golden::golden_folder() / "text_encoder/sdxl_pair_ldm/case.json")["config"];
  expect_text_config(pair.at("text_encoder"), stated["text_encoder"]);
  expect_text_config(pair.at("text_encoder_2"), stated["text_encoder_2"]);
  EXPECT_EQ(pair.at("tokenizer")["pad_token"], "<|endoftext|>");
  EXPECT_EQ(pair.at("tokenizer_2")["pad_token"], "!");
}

std::string inferred_type(const TensorFile& file) {
  return infer_ldm_configs(file, {}).at("scheduler")["prediction_type"];
}

TEST(InferredConfig, PredictionTypeFollowsWhatTheFileSaysThenItsFamily) {
  EXPECT_EQ(inferred_type(ldm_file("unet/unclip_ldm")), "epsilon");

  TensorFile sd2 = ldm_file("unet/unclip_ldm");  // with the text width of the published models
  const std::string keys = std::string(kUNet) + "middle_block.1.transformer_blocks.0.attn2.to_k.weight";
  sd2.tensors[keys] = Tensor::zeros({sd2.tensors[keys].dim(0), 1024});
  EXPECT_EQ(inferred_type(sd2), "v_prediction");
  EXPECT_EQ(infer_ldm_configs(sd2, {}).at("unet")["sample_size"], 96);
  EXPECT_EQ(infer_ldm_configs(sd2, "epsilon").at("scheduler")["prediction_type"], "epsilon");

  sd2.metadata["global_step"] = "875000";
  EXPECT_EQ(inferred_type(sd2), "epsilon");
  sd2.metadata["modelspec.prediction_type"] = "v";
  EXPECT_EQ(inferred_type(sd2), "v_prediction");

  TensorFile sdxl = ldm_file("unet/unclip_ldm");
  sdxl.tensors["conditioner.embedders.1.model.ln_final.weight"] = Tensor::zeros({8});
  EXPECT_EQ(infer_unet_config(sdxl.tensors, kUNet)["addition_embed_type"], "text_time");
}

std::map<std::string, json> configs_with(const std::string& yaml) {
  std::map<std::string, json> configs{{"unet", {{"sample_size", 64}}},
                                      {"vae", {{"scaling_factor", 0.18215}}},
                                      {"text_encoder", {{"num_hidden_layers", 12}}},
                                      {"scheduler", {{"prediction_type", "epsilon"}, {"beta_start", 0.00085}}}};
  const test::TemporaryFolder folder;
  std::ofstream(folder / "model.yaml") << yaml;
  apply_ldm_yaml(folder / "model.yaml", configs);
  return configs;
}

TEST(YamlBesideACheckpoint, SaysWhatShapesDoNotTell) {
  const auto configs = configs_with(
      "model:\n"
      "  target: ldm.models.diffusion.ddpm.LatentDiffusion\n"
      "  params:\n"
      "    parameterization: \"v\"\n"
      "    linear_start: 0.001\n"
      "    timesteps: 900\n"
      "    image_size: 96\n"
      "    scale_factor: 0.5\n"
      "    cond_stage_config:\n"
      "      params: {layer: hidden, layer_idx: 11}\n");
  EXPECT_EQ(configs.at("scheduler")["prediction_type"], "v_prediction");
  EXPECT_EQ(configs.at("scheduler")["beta_start"], 0.001);
  EXPECT_EQ(configs.at("scheduler")["num_train_timesteps"], 900);
  EXPECT_EQ(configs.at("unet")["sample_size"], 96);
  EXPECT_EQ(configs.at("vae")["scaling_factor"], 0.5);
  EXPECT_EQ(configs.at("text_encoder")["num_hidden_layers"], 11);
}

TEST(YamlBesideACheckpoint, WhatItDoesNotSayStaysAndNonsenseIsCorrupt) {
  const auto configs = configs_with("model: {params: {image_size: 32, cond_stage_config: {params: {layer_idx: -2}}}}");
  EXPECT_EQ(configs.at("scheduler")["prediction_type"], "epsilon");
  EXPECT_EQ(configs.at("unet")["sample_size"], 32);
  EXPECT_EQ(configs.at("text_encoder")["num_hidden_layers"], 11);
  for (const char* nonsense :
       {"", "just words", "model: 3", "model: {params: {parameterization: w}}", "model: {params: {image_size: big}}",
        "model: {params: {image_size: 0}}", "model: {params: {timesteps: -5}}",
        "model: {params: {cond_stage_config: {params: {layer_idx: 13}}}}", "model: [unfinished",
        "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, "
        "*b]\n"
        "d: &d [*c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d]\nmodel: [*e, *e, *e, *e, *e]"})
    EXPECT_THROW(configs_with(nonsense), Error) << nonsense;
}

TEST(InferredConfig, MissingOrMisshapenTensorsAreCorrupt) {
  for (const char* name : {"out.2.weight", "input_blocks.0.0.weight", "middle_block.1.proj_in.weight"}) {
    TensorFile file = ldm_file("unet/unclip_ldm");
    file.tensors[std::string(kUNet) + name] = Tensor::zeros({});
    if (std::string(name) == "middle_block.1.proj_in.weight") file.tensors.erase(std::string(kUNet) + name);
    try {
      infer_ldm_configs(file, {});
      ADD_FAILURE() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::CorruptFile) << name;
    }
  }
}

TEST(InferredConfig, OpenClipWithoutItsLayersIsCorrupt) {
  TensorFile file = ldm_file("text_encoder/sd2_ldm");
  for (int i = 0; i < 4; ++i)
    file.tensors.erase("cond_stage_model.model.transformer.resblocks." + std::to_string(i) + ".ln_1.weight");
  EXPECT_THROW(infer_ldm_configs(file, {}), Error);
}

}  // namespace
}  // namespace easel
