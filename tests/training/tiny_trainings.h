// tiny_trainings.h — whole trainings of tiny networks on a folder of six pictures, for tests of what they leave behind.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "pictures/picture_file.h"
#include "temporary_folder.h"
#include "tensor_matchers.h"
#include "training/train_config.h"
#include "training/training_run.h"

namespace easel {

inline constexpr const char* kVae = R"({
  "block_out_channels": [8, 8], "layers_per_block": 1, "norm_num_groups": 4, "latent_channels": 4,
  "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D"]})";
inline constexpr const char* kTextEncoder = R"({
  "vocab_size": 514, "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
  "max_position_embeddings": 16, "eos_token_id": 513})";
inline constexpr const char* kUnet = R"({
  "sample_size": 8, "block_out_channels": [8, 16], "layers_per_block": 1, "norm_num_groups": 4,
  "cross_attention_dim": 8, "attention_head_dim": 2,
  "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
  "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]})";

inline constexpr const char* kVisionModel = R"({
  "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "image_size": 16,
  "patch_size": 8})";

// Six pictures of 16x16 with their captions.
inline void write_pictures(const test::TemporaryFolder& folder) {
  for (int i = 0; i < 6; ++i) {
    Picture picture{.width_px = 16, .height_px = 16, .channels = 3, .pixels = std::vector<uint8_t>(16 * 16 * 3)};
    for (size_t p = 0; p < picture.pixels.size(); ++p)
      picture.pixels[p] = static_cast<uint8_t>(40 * i + (p % 48 < 24 ? 50 : 0));
    const std::string name = "data/" + std::to_string(i);
    folder.write(name + ".txt", "picture " + std::to_string(i));
    write_picture(folder / (name + ".png"), picture);
  }
}

inline TrainConfig autoencoder_config(const test::TemporaryFolder& folder, const std::string& output) {
  TrainConfig config;
  config.dataset = "folder";
  config.train_data_dir = folder / "data";
  config.resolution = 16;
  config.vae.text = kVae;
  config.output_dir = folder / output;
  config.max_train_steps = 6;
  config.train_batch_size = 2;
  config.learning_rate = 2e-3;
  config.lr_schedule = "cosine";
  config.lr_warmup_steps = 2;
  config.gradient_accumulation_steps = 2;
  config.use_ema = true;
  config.logging_steps = 1;
  return config;
}

// A vocabulary of bytes alone, in "tokenizer".
inline void train_bytes_tokenizer(const test::TemporaryFolder& folder) {
  TrainConfig config;
  config.dataset = "folder";
  config.train_data_dir = folder / "data";
  config.vocab_size = 514;
  config.model_max_length = 16;
  config.output_dir = folder / "tokenizer";
  run_training(config, TrainerKind::tokenizer, {});
}

// On the autoencoder of a training in "vae".
inline TrainConfig text_to_image_config(const test::TemporaryFolder& folder) {
  TrainConfig config = autoencoder_config(folder, "out");
  config.vae.text.clear();
  config.model = folder / "vae/model";
  config.tokenizer = folder / "tokenizer";
  config.text_encoder.text = kTextEncoder;
  config.unet.text = kUnet;
  return config;
}

inline TrainConfig clip_config(const test::TemporaryFolder& folder) {
  TrainConfig config = autoencoder_config(folder, "clip");
  config.vae.text.clear();
  config.tokenizer = folder / "tokenizer";
  config.text_encoder.text = kTextEncoder;
  config.vision_model.text = kVisionModel;
  config.max_train_steps = 1;
  return config;
}

// Stops as Ctrl-C does, after so many batches.
inline TrainingCallbacks stopping_after(int batches) {
  TrainingCallbacks callbacks;
  callbacks.interrupted = [left = std::make_shared<int>(batches)] { return --*left < 0; };
  return callbacks;
}

inline ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::Internal;
}

inline NamedTensors state_of(const std::string& output, int64_t step) {
  return read_safetensors(std::filesystem::path(output) / ("checkpoint-" + std::to_string(step)) / "state.safetensors")
      .tensors;
}

inline void expect_same_state(const NamedTensors& got, const NamedTensors& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (const auto& [name, tensor] : expected) EXPECT_TRUE(tensors_identical(got.at(name), tensor)) << name;
}

inline int64_t lines_of(const std::string& path) {
  std::ifstream file(path);
  int64_t count = 0;
  for (std::string line; std::getline(file, line);) ++count;
  return count;
}

class TrainingRun : public testing::Test {
 protected:
  void SetUp() override { write_pictures(folder_); }
  test::TemporaryFolder folder_;
};

}  // namespace easel
