#include "checkpoints/model_package_writer.h"

#include <gtest/gtest.h>

#include "checkpoints/checkpoint.h"
#include "files/json_reader.h"
#include "temporary_folder.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, Tensor> kWeights = {{"w", Tensor::from({2}, std::vector<float>{0.5f, -2.0f})}};

TEST(ModelPackageWriter, IndexListsWhatWasAdded) {
  const test::TemporaryFolder folder;
  ModelPackageWriter package(folder.path());
  package.add_network("unet", {{"sample_size", 8}}, kWeights);
  package.add_scheduler({{"_class_name", "DDIMScheduler"}});
  EXPECT_EQ(package.add_folder("tokenizer"), folder.path() / "tokenizer");
  EXPECT_TRUE(fs::is_directory(folder.path() / "tokenizer"));
  package.set("guidance_scale", 4.5);
  EXPECT_FALSE(fs::exists(folder.path() / "model_index.json"));
  package.write_index();
  EXPECT_EQ(read_json(folder.path() / "model_index.json"),
            nlohmann::json::parse(R"({"_class_name": "StableDiffusionPipeline", "guidance_scale": 4.5,
                                      "scheduler": ["diffusers", "DDIMScheduler"],
                                      "tokenizer": ["transformers", "CLIPTokenizer"],
                                      "unet": ["diffusers", "UNet2DConditionModel"]})"));
}

TEST(ModelPackageWriter, WhatItWritesIsOpened) {
  const test::TemporaryFolder folder;
  ModelPackageWriter package(folder.path());
  package.add_network("text_encoder", {{"hidden_size", 8}}, kWeights);
  package.add_network("text_encoder_2", {{"hidden_size", 8}}, kWeights);
  package.write_index();
  EXPECT_TRUE(fs::exists(folder.path() / "text_encoder/model.safetensors"));
  const Checkpoint checkpoint = open_checkpoint(folder.path());
  EXPECT_EQ(checkpoint.configs.at("model_index").at("_class_name"), "StableDiffusionXLPipeline");
  EXPECT_EQ(checkpoint.weights("text_encoder_2").at("w").dtype(), DType::f16);
  EXPECT_TRUE(tensors_identical(checkpoint.weights("text_encoder").at("w").to_f32(), kWeights.at("w")));
}

TEST(ModelPackageWriter, APartWithoutAnIndexIsAModelToo) {
  const test::TemporaryFolder folder;
  ModelPackageWriter(folder.path()).add_network("vae", {{"_class_name", "AutoencoderKL"}}, kWeights);
  EXPECT_TRUE(open_checkpoint(folder.path()).has("vae"));
}

}  // namespace
}  // namespace easel
