// A training that is killed again and again ends where an unbroken one ends.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include "cli/easel_process.h"
#include "io/picture_file.h"
#include "io/tensor_file.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 20;
constexpr int kSteps = 400;  // far more than twenty kills let it do

std::vector<std::string> train_arguments(const std::string& output) {
  return {"train",        "autoencoder", "--config",          "train.json",
          "--output-dir", output,        "--max-train-steps", std::to_string(kSteps)};
}

void write_inputs(const test::TemporaryFolder& folder) {
  for (int i = 0; i < 4; ++i) {
    const Picture picture{.width_px = 16,
                          .height_px = 16,
                          .channels = 3,
                          .pixels = std::vector<uint8_t>(16 * 16 * 3, static_cast<uint8_t>(60 * i))};
    folder.write("data/" + std::to_string(i) + ".txt", "shade " + std::to_string(i));
    write_picture(folder / ("data/" + std::to_string(i) + ".png"), picture);
  }
  folder.write("train.json", R"({
    "dataset": "folder", "train_data_dir": "data", "resolution": 16, "train_batch_size": 2, "learning_rate": 0.001,
    "use_ema": true, "checkpointing_steps": 1, "logging_steps": 1,
    "vae": {"block_out_channels": [8, 8], "layers_per_block": 1, "norm_num_groups": 4,
            "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D"],
            "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D"]}})");
}

// Steps done by the newest checkpoint.
int64_t reached(const fs::path& output) {
  int64_t step = 0;
  if (!fs::exists(output)) return 0;
  for (const auto& entry : fs::directory_iterator(output)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("checkpoint-")) step = std::max<int64_t>(step, std::stoll(name.substr(11)));
  }
  return step;
}

// Runs until it has done some steps more, then kills it at a random moment of the next ones. Returns how far it came.
int64_t run_and_kill(const test::TemporaryFolder& folder, const std::string& output, std::mt19937& random) {
  const fs::path path = folder / output;
  std::vector<std::string> arguments = train_arguments(output);
  const int64_t before = reached(path);
  if (before > 0) arguments.insert(arguments.end(), {"--resume", "latest"});
  EaselProcess process(arguments, folder.path());
  for (int wait_ms = 0; reached(path) <= before && wait_ms < 60'000; wait_ms += 5)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
  process.send_signal(SIGKILL);
  EXPECT_EQ(process.wait().exit_status, 128 + SIGKILL) << "it came to its end before it was killed";
  EXPECT_GT(reached(path), before);
  return reached(path);
}

TEST(TrainCommand, EndsTheSameAfterTwentyKills) {
  const test::TemporaryFolder folder;
  write_inputs(folder);
  const ProcessResult whole = run_easel(train_arguments("whole"), folder.path());
  ASSERT_EQ(whole.exit_status, 0) << whole.err;

  std::mt19937 random(1);
  int kills = 0;
  while (kills < kKills && run_and_kill(folder, "killed", random) < kSteps) ++kills;
  EXPECT_EQ(kills, kKills);
  std::vector<std::string> arguments = train_arguments("killed");
  arguments.insert(arguments.end(), {"--resume", "latest"});
  const ProcessResult last = run_easel(arguments, folder.path());
  ASSERT_EQ(last.exit_status, 0) << last.err;

  const std::string file = "/checkpoint-" + std::to_string(kSteps) + "/state.safetensors";
  const auto expected = read_safetensors(folder / ("whole" + file)).tensors;
  const auto got = read_safetensors(folder / ("killed" + file)).tensors;
  ASSERT_EQ(got.size(), expected.size());
  for (const auto& [name, tensor] : expected) EXPECT_TRUE(tensors_identical(got.at(name), tensor)) << name;
}

}  // namespace
}  // namespace easel
