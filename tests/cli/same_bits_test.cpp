// Pictures and training steps are the same bits as when recorded_hashes.json was written: a change of structure changes
// no number. On the AVX2 kernels, which nearly every x86 machine has. Where arithmetic is meant to change, take the new
// hashes from this test's messages and say why in the commit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "checkpoints/tensor_file.h"
#include "cli/easel_process.h"
#include "diffusion/sampler_registry.h"
#include "files/file_hash.h"
#include "files/json_reader.h"
#include "ops/cpu/kernels.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

// Same instructions in our kernels, in LibTorch's and in OpenBLAS's; processes that the test starts inherit them.
class SameBits : public testing::Test {
 protected:
  void SetUp() override {
    const std::vector<std::string> supported = cpu::supported_kernels();
    if (std::ranges::find(supported, "avx2") == supported.end()) GTEST_SKIP() << "no AVX2 here";
    for (const auto& [name, value] : kEnvironment) setenv(name.c_str(), value.c_str(), 1);
    write_data();
  }
  void TearDown() override {
    for (const auto& [name, value] : kEnvironment) unsetenv(name.c_str());
  }

  void run(const Arguments& arguments) const {
    const ProcessResult result = run_easel(arguments, folder_.path());
    ASSERT_EQ(result.exit_status, 0) << result.err;
  }

  static void expect_recorded(const std::string& name, const std::string& hash) {
    static const nlohmann::json recorded = read_json(test::source_path("tests/cli/recorded_hashes.json"));
    EXPECT_EQ(recorded.value(name, "not recorded"), hash) << name;
  }

  // SHA-256 over the pixels of every picture that the command writes as out*.png, in the order of their names; a
  // command that needs another flag than -o for it says so itself.
  std::string picture_hash(Arguments arguments) const {
    arguments.insert(arguments.end(), {"-o", "out.png"});
    return written_hash(arguments);
  }
  std::string written_hash(const Arguments& arguments) const {
    run(arguments);
    std::string pixels;
    for (const std::string& name : folder_.file_names())
      if (name.starts_with("out") && name.ends_with(".png")) {
        const Picture picture = read_picture_file(folder_ / name).picture;
        pixels.append(picture.pixels.begin(), picture.pixels.end());
        fs::remove(folder_ / name);
      }
    return sha256(pixels);
  }

  // SHA-256 over the names and bytes of a safetensors file's tensors.
  std::string weights_hash(const std::string& path) const {
    std::string bytes;
    for (const auto& [name, tensor] : read_safetensors(folder_ / path).tensors) {
      bytes += name;
      bytes.append(static_cast<const char*>(tensor.storage()->data()) + tensor.offset_bytes(), tensor.size_bytes());
    }
    return sha256(bytes);
  }

  std::string training_hash(const std::string& kind, const nlohmann::json& config, const std::string& weights) const {
    nlohmann::json whole = {{"max_train_steps", 3}, {"train_batch_size", 2}, {"learning_rate", 2e-3},
                            {"logging_steps", 1},   {"output_dir", kind},    {"use_ema", true}};
    whole.update(config);
    folder_.write(kind + ".json", whole.dump());
    run({"train", kind, "--config", kind + ".json"});
    return weights_hash(kind + "/" + weights);
  }

  test::TemporaryFolder folder_;

 private:
  const std::map<std::string, std::string> kEnvironment = {{"EASEL_CPU_KERNELS", "avx2"},
                                                           {"EASEL_THREADS", "2"},
                                                           {"ATEN_CPU_CAPABILITY", "avx2"},
                                                           {"OPENBLAS_CORETYPE", "Haswell"}};

  void write_data() const {
    for (int i = 0; i < 6; ++i) {
      Picture picture{.width_px = 16, .height_px = 16, .channels = 3, .pixels = std::vector<uint8_t>(16 * 16 * 3)};
      for (size_t p = 0; p < picture.pixels.size(); ++p)
        picture.pixels[p] = static_cast<uint8_t>(40 * i + (p % 48 < 24 ? 50 : 0));
      folder_.write("data/" + std::to_string(i) + ".txt", "picture " + std::to_string(i));
      write_picture(folder_ / ("data/" + std::to_string(i) + ".png"), picture);
    }
  }
};

TEST_F(SameBits, PicturesOfTheDefaultModel) {
  const std::map<std::string, Arguments> cases = {
      {"own sampler", {"a red cat on the beach", "-s", "1", "--steps", "4"}},
      {"batch, negative prompt, rescale",
       {"(a blue house:1.3) at night", "-s", "2", "--steps", "4", "--sampler", "euler_a", "--rng", "philox", "-n", "2",
        "--negative-prompt", "fog", "--guidance-rescale", "0.5"}},
      {"unguided, in bands",
       {"two green apples", "-s", "3", "--steps", "3", "--sampler", "uni_pc", "--schedule", "karras", "-W", "96", "-H",
        "160", "--vae-band-rows", "32", "--cfg-scale", "1"}},
      {"eta, clip skip",
       {"an old man", "-s", "4", "--steps", "3", "--sampler", "ddim", "--eta", "1", "--clip-skip", "2"}},
  };
  for (const auto& [name, arguments] : cases) {
    Arguments command = {"generate"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    expect_recorded("picture: " + name, picture_hash(command));
  }
}

TEST_F(SameBits, EverySampler) {
  for (const SamplerInfo& sampler : samplers())
    expect_recorded(std::string("sampler: ") + sampler.name,
                    picture_hash({"generate", "a cat", "-m", tiny_model(), "-s", "5", "--steps", "5", "-W", "32", "-H",
                                  "32", "--sampler", sampler.name}));
}

TEST_F(SameBits, TwoTextTowersAndTimeIds) {
  run({"model", "random", "xl", "--shape", "tiny_xl"});
  expect_recorded("picture: two towers", picture_hash({"generate", "a cat", "-m", "xl", "-s", "6", "--steps", "3",
                                                       "--negative-prompt", "dog"}));
}

TEST_F(SameBits, StorybookScenes) {
  for (const char* world : {"first", "small", "whole"})
    for (const char* split : {"train", "held_out", "any"}) {
      const std::string name = std::string(world) + " " + split;
      const Arguments scenes = {"storybook", "render", "--world", world, "--split", split, "-s", "7", "-n", "60"};
      Arguments folder = scenes, sheet = scenes;
      folder.insert(folder.end(), {"--size", "16", "-o", name});
      run(folder);
      expect_recorded("scenes: " + name, file_sha256(folder_ / (name + "/metadata.jsonl")));
      sheet.insert(sheet.end(), {"--size", "48", "--sheet", "out.png"});
      expect_recorded("drawings: " + name, written_hash(sheet));
    }
}

TEST_F(SameBits, TrainingSteps) {
  if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
  const nlohmann::json vae = {{"block_out_channels", {8, 8}},
                              {"layers_per_block", 1},
                              {"norm_num_groups", 4},
                              {"latent_channels", 4},
                              {"down_block_types", {"DownEncoderBlock2D", "DownEncoderBlock2D"}},
                              {"up_block_types", {"UpDecoderBlock2D", "UpDecoderBlock2D"}}};
  const nlohmann::json text = {{"vocab_size", 514},      {"hidden_size", 8},         {"intermediate_size", 16},
                               {"num_hidden_layers", 1}, {"num_attention_heads", 2}, {"max_position_embeddings", 16},
                               {"eos_token_id", 513}};
  const nlohmann::json vision = {{"hidden_size", 8},         {"intermediate_size", 16}, {"num_hidden_layers", 3},
                                 {"num_attention_heads", 2}, {"image_size", 16},        {"patch_size", 8}};
  const nlohmann::json unet = {{"sample_size", 8},
                               {"block_out_channels", {8, 16}},
                               {"layers_per_block", 1},
                               {"norm_num_groups", 4},
                               {"cross_attention_dim", 8},
                               {"attention_head_dim", 2},
                               {"down_block_types", {"CrossAttnDownBlock2D", "DownBlock2D"}},
                               {"up_block_types", {"UpBlock2D", "CrossAttnUpBlock2D"}}};
  const char* const unet_weights = "model/unet/diffusion_pytorch_model.safetensors";
  const char* const vae_weights = "model/vae/diffusion_pytorch_model.safetensors";
  folder_.write("tokenizer.json", nlohmann::json{{"dataset", "folder"},
                                                 {"train_data_dir", "data"},
                                                 {"vocab_size", 514},
                                                 {"model_max_length", 16},
                                                 {"output_dir", "tokenizer"}}
                                      .dump());
  run({"train", "tokenizer", "--config", "tokenizer.json"});
  const auto of_pictures = [](nlohmann::json config) {
    config.update({{"dataset", "folder"}, {"train_data_dir", "data"}, {"resolution", 16}});
    return config;
  };
  const nlohmann::json clip = {{"tokenizer", "tokenizer"}, {"text_encoder", text}, {"vision_model", vision}};
  expect_recorded("training: clip", training_hash("clip", of_pictures(clip), "model/model.safetensors"));
  const nlohmann::json autoencoder = {{"vae", vae},
                                      {"perceptual_weight", 0.1},
                                      {"perceptual_model", "clip/model"},
                                      {"adversarial_weight", 0.1},
                                      {"adversarial_start", 1}};
  expect_recorded("training: autoencoder", training_hash("autoencoder", of_pictures(autoencoder), vae_weights));
  const nlohmann::json text_to_image = {{"model", "autoencoder/model"},
                                        {"tokenizer", "tokenizer"},
                                        {"text_encoder", text},
                                        {"unet", unet},
                                        {"snr_gamma", 5.0},
                                        {"gradient_accumulation_steps", 2}};
  expect_recorded("training: text-to-image", training_hash("text-to-image", of_pictures(text_to_image), unet_weights));
  const nlohmann::json scorer = {
      {"vision_model",
       {{"image_size", 16}, {"block_out_channels", {8, 16}}, {"norm_num_groups", 4}, {"num_attention_heads", 2}}},
      {"storybook_world", "small"},
      {"train_batch_size", 6}};
  expect_recorded("training: scorer", training_hash("scorer", scorer, "model/model.safetensors"));
}

}  // namespace
}  // namespace easel
