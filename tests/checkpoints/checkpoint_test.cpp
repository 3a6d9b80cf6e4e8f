#include "checkpoints/checkpoint.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "golden/golden_folder.h"
#include "temporary_folder.h"

namespace easel {
namespace {

using nlohmann::json;

std::string error_of(const std::filesystem::path& path, ErrorCode code, const CheckpointOptions& options = {},
                     const std::string& component = "") {
  try {
    const Checkpoint checkpoint = open_checkpoint(path, options);
    if (!component.empty()) checkpoint.weights(component);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << path << " was read";
  return "";
}

TensorFile tensors(const std::vector<std::string>& names) {
  TensorFile file;
  for (const std::string& name : names) file.tensors[name] = Tensor::full({2, 2}, static_cast<float>(name.size()));
  return file;
}

// A folder of one U-Net in two shards.
class ShardedFolder : public testing::Test {
 protected:
  void SetUp() override {
    write("config.json", R"({"_class_name": "UNet2DConditionModel"})");
    write_index("u-00001-of-00002.safetensors", "u-00002-of-00002.safetensors");
    write_safetensors(folder_.path() / "unet" / "u-00001-of-00002.safetensors", tensors({"a", "b", "unlisted"}));
    write_safetensors(folder_.path() / "unet" / "u-00002-of-00002.safetensors", tensors({"longer"}));
  }

  void write(const std::string& name, const std::string& content) const { folder_.write("unet/" + name, content); }
  void write_index(const std::string& first, const std::string& second) const {
    write("diffusion_pytorch_model.safetensors.index.json",
          json{{"weight_map", {{"a", first}, {"b", first}, {"longer", second}}}}.dump());
  }

  test::TemporaryFolder folder_;
};

TEST_F(ShardedFolder, ShardsAreJoined) {
  const Checkpoint checkpoint = open_checkpoint(folder_.path() / "unet");
  const WeightMap& weights = checkpoint.weights("unet");
  EXPECT_EQ(weights.size(), 3u);
  EXPECT_EQ(weights.at("longer").to_vector(), std::vector<float>(4, 6.0f));
  EXPECT_EQ(&weights, &checkpoint.weights("unet")) << "read once";
}

TEST_F(ShardedFolder, FaultsNameTheFile) {
  write_index("u-00001-of-00002.safetensors", "u-00003-of-00002.safetensors");
  EXPECT_NE(error_of(folder_.path(), ErrorCode::NotFound, {}, "unet").find("u-00003"), std::string::npos);

  write_index("u-00001-of-00002.safetensors", "u-00001-of-00002.safetensors");
  EXPECT_NE(error_of(folder_.path(), ErrorCode::CorruptFile, {}, "unet").find("'longer'"), std::string::npos);

  write_index("u-00001-of-00002.safetensors", "u-00002-of-00002.safetensors");
  const auto shard = folder_.path() / "unet" / "u-00002-of-00002.safetensors";
  std::filesystem::resize_file(shard, std::filesystem::file_size(shard) - 5);
  EXPECT_NE(error_of(folder_.path(), ErrorCode::CorruptFile, {}, "unet").find("u-00002"), std::string::npos);
}

TEST_F(ShardedFolder, ShardsOutsideOfTheFolderAreRefused) {
  folder_.write("outside.safetensors", "");
  for (const char* name : {"../outside.safetensors", "/etc/passwd", "..", "sub/u.safetensors", ""}) {
    write_index("u-00001-of-00002.safetensors", name);
    error_of(folder_.path(), ErrorCode::CorruptFile);
  }
}

TEST(DiffusersFolder, PipelineOfTheReferenceOpens) {
  const Checkpoint checkpoint = open_checkpoint(golden::golden_folder() / "models" / "tiny_sd1");
  EXPECT_EQ(checkpoint.layout, "diffusers");
  for (const char* component : {"unet", "vae", "text_encoder", "scheduler", "tokenizer"})
    EXPECT_TRUE(checkpoint.has(component)) << component;
  EXPECT_FALSE(checkpoint.has("safety_checker"));
  EXPECT_EQ(checkpoint.configs.at("unet")["in_channels"], 4);
  EXPECT_EQ(checkpoint.configs.at("scheduler")["_class_name"], "PNDMScheduler");
  EXPECT_TRUE(checkpoint.weights("unet").contains("conv_in.weight"));
  EXPECT_TRUE(checkpoint.weights("vae").contains("decoder.mid_block.attentions.0.to_q.weight"));
}

TEST(DiffusersFolder, FolderOfComponentsWithoutAnIndexOpens) {
  const test::TemporaryFolder folder;
  folder.write("vae/config.json", "{}");
  folder.write("low_res_scheduler/scheduler_config.json", R"({"_class_name": "DDPMScheduler"})");
  write_safetensors(folder.path() / "vae" / "diffusion_pytorch_model.safetensors", tensors({"a"}));
  const Checkpoint checkpoint = open_checkpoint(folder.path());
  EXPECT_TRUE(checkpoint.has("vae"));
  EXPECT_TRUE(checkpoint.has("low_res_scheduler"));
  EXPECT_FALSE(checkpoint.has("text_encoder"));
}

TEST(DiffusersFolder, ListedComponentThatIsMissingIsNamed) {
  const test::TemporaryFolder folder;
  folder.write("model_index.json", R"({"_class_name": "StableDiffusionPipeline", "vae": ["diffusers", "AutoencoderKL"],
                                       "safety_checker": [null, null], "requires_safety_checker": false})");
  EXPECT_NE(error_of(folder.path(), ErrorCode::NotFound).find("vae"), std::string::npos);
}

TEST(DiffusersFolder, MissingWeightsAreFoundWhenAskedFor) {
  const test::TemporaryFolder folder;
  folder.write("vae/config.json", "{}");
  EXPECT_FALSE(open_checkpoint(folder.path()).has("vae"));
  error_of(folder.path(), ErrorCode::NotFound, {}, "vae");
  EXPECT_NE(error_of(folder.path(), ErrorCode::NotFound, {}, "unet").find("it has vae"), std::string::npos);
}

TEST(DiffusersFolder, VariantsReplaceThePlainFilesWhereTheyExist) {
  const test::TemporaryFolder folder;
  for (const char* component : {"unet", "vae"}) {
    folder.write(std::string(component) + "/config.json", "{}");
    write_safetensors(folder.path() / component / "diffusion_pytorch_model.safetensors", tensors({"plain"}));
  }
  write_safetensors(folder.path() / "unet" / "diffusion_pytorch_model.ema.safetensors", tensors({"average"}));
  const Checkpoint checkpoint = open_checkpoint(folder.path(), {.variant = "ema", .prediction_type = {}});
  EXPECT_TRUE(checkpoint.weights("unet").contains("average"));
  EXPECT_TRUE(checkpoint.weights("vae").contains("plain"));
  error_of(folder.path(), ErrorCode::NotFound, {.variant = "fp16", .prediction_type = {}});
  error_of(folder.path(), ErrorCode::InvalidArgument, {.variant = "../x", .prediction_type = {}});
}

TEST(DiffusersFolder, PickledWeightsAreReadByContent) {
  const test::TemporaryFolder folder;
  folder.write("unet/config.json", "{}");
  std::filesystem::copy(golden::golden_folder() / "hostile" / "ok_torch_zip.ckpt",
                        folder.path() / "unet" / "diffusion_pytorch_model.bin");
  EXPECT_TRUE(open_checkpoint(folder.path()).weights("unet").contains("state_dict.a.weight"));
}

TEST(DiffusersFolder, BrokenIndexesAreCorrupt) {
  const test::TemporaryFolder folder;
  for (const char* content : {"[]", "{", R"({"../../etc": ["a", "b"]})", R"({"a": ["b", "c"], "a": ["b", "c"]})"}) {
    folder.write("model_index.json", content);
    error_of(folder.path(), ErrorCode::CorruptFile);
  }
  error_of(folder.path() / "missing", ErrorCode::NotFound);
}

TEST(SingleFile, PredictionTypeIsOverriddenWithinItsValues) {
  const auto path = golden::golden_folder() / "ckpt" / "ckpt_zip_f16" / "model.ckpt";
  const Checkpoint checkpoint = open_checkpoint(path, {.variant = "", .prediction_type = "v_prediction"});
  EXPECT_EQ(checkpoint.configs.at("scheduler")["prediction_type"], "v_prediction");
  EXPECT_EQ(checkpoint.metadata.at("global_step"), "470000");
  error_of(path, ErrorCode::InvalidArgument, {.variant = "", .prediction_type = "v"});
}

TEST(SingleFile, CheckpointsOfEveryKindHoldTheirComponents) {
  const auto open = [](const char* name) {
    return open_checkpoint(golden::golden_folder() / "ckpt" / name / "model.ckpt");
  };
  const Checkpoint whole = open("ckpt_zip_f16");
  EXPECT_TRUE(whole.has("unet") && whole.has("vae") && whole.has("text_encoder") && whole.has("scheduler"));
  EXPECT_TRUE(whole.weights("unet").contains("down_blocks.0.attentions.0.norm.weight"));
  const Checkpoint without_unet = open("ckpt_legacy_stream_no_unet");
  EXPECT_FALSE(without_unet.has("unet"));
  EXPECT_TRUE(without_unet.has("vae"));
  EXPECT_TRUE(
      open("ckpt_zip_bf16_bare_state_dict").weights("text_encoder").contains("text_model.final_layer_norm.weight"));
}

TEST(SingleFile, AFileWithoutAnyComponentIsUnsupported) {
  const test::TemporaryFolder folder;
  write_safetensors(folder.path() / "x.safetensors", tensors({"some.weight"}));
  error_of(folder.path() / "x.safetensors", ErrorCode::Unsupported);
}

}  // namespace
}  // namespace easel
