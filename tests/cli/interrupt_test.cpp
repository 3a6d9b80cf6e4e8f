// Ctrl-C and SIGTERM end any run at once, with one line and nothing half-written. Bounds are generous: machines may be
// busy. The times are printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <thread>

#include "build_paths.h"
#include "cli/easel_process.h"
#include "cli/tiny_training.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

using Arguments = std::vector<std::string>;

constexpr int kCancelled = 130;
constexpr auto kUnderWay = std::chrono::milliseconds(700);

struct Ended {
  ProcessResult result;
  double seconds;  // from the signal on
};

Ended end_by_signal(const Arguments& arguments, const test::TemporaryFolder& folder, int signal) {
  EaselProcess process(arguments, folder.path());
  std::this_thread::sleep_for(kUnderWay);
  const auto start = std::chrono::steady_clock::now();
  process.send_signal(signal);
  Ended ended{process.wait(), 0};
  ended.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return ended;
}

int64_t error_lines(const std::string& err) {
  std::istringstream lines(err);
  int64_t count = 0;
  for (std::string line; std::getline(lines, line);) count += line.starts_with("easel: ") ? 1 : 0;
  return count;
}

void expect_cancelled(const Arguments& arguments, const test::TemporaryFolder& folder, int signal) {
  const Ended ended = end_by_signal(arguments, folder, signal);
  std::printf("%.3f s  %s %s: %s", ended.seconds, arguments[0].c_str(), arguments[1].c_str(), ended.result.err.c_str());
  EXPECT_EQ(ended.result.exit_status, kCancelled) << ended.result.err;
  EXPECT_EQ(error_lines(ended.result.err), 1) << ended.result.err;
  EXPECT_LT(ended.seconds, 2.0);
}

// Minutes of work, on maps of 2048x2048 and 4096x4096.
TEST(Interrupt, EndsALargeGenerationAndLeavesNoFile) {
  const test::TemporaryFolder folder;
  for (const int signal : {SIGINT, SIGTERM}) {
    expect_cancelled({"generate", "a cat", "-m", test::source_path("models/storybook").string(), "-W", "2048", "-H",
                      "2048", "-o", folder / "cat.png"},
                     folder, signal);
    expect_cancelled({"generate", "a cat", "-m", tiny_model(), "-W", "4096", "-H", "4096", "-o", folder / "cat.png"},
                     folder, signal);
  }
  EXPECT_TRUE(folder.file_names().empty());
}

TEST(Interrupt, TheSecondSignalOfEitherKindEndsItAtOnce) {
  const test::TemporaryFolder folder;
  EaselProcess process({"generate", "a cat", "-m", tiny_model(), "-W", "4096", "-H", "4096", "-o", folder / "cat.png"},
                       folder.path());
  std::this_thread::sleep_for(kUnderWay);
  process.send_signal(SIGSTOP);  // so that both are there before it can end by the first; threads may take them at once
  process.send_signal(SIGINT);
  process.send_signal(SIGTERM);
  process.send_signal(SIGCONT);
  const ProcessResult result = process.wait();
  EXPECT_TRUE(result.by_signal) << "exit status " << result.exit_status << ": " << result.err;
  EXPECT_TRUE(folder.file_names().empty());
}

TEST(Interrupt, EndsTheOtherCommands) {
  const test::TemporaryFolder folder;
  expect_cancelled({"bench", "--random", "sd15", "--size", "1024x1024"}, folder, SIGTERM);
  expect_cancelled({"model", "random", folder / "model", "--shape", "sdxl"}, folder, SIGTERM);
  expect_cancelled({"storybook", "render", "-n", "100000", "--sheet", folder / "sheet.png"}, folder, SIGTERM);
  expect_cancelled({"train", "tokenizer", "--num-examples", "10000000", "--output-dir", folder / "tokenizer"}, folder,
                   SIGTERM);
  EXPECT_TRUE(folder.file_names().empty());
}

TEST(Interrupt, EndsAContactSheetInThePictures) {
  const test::TemporaryFolder folder;
  Picture picture{.width_px = 4096, .height_px = 4096, .channels = 3, .pixels = {}};
  picture.pixels.resize(size_t{3} * 4096 * 4096);
  for (size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<uint8_t>(i * i >> 8);
  write_picture(folder / "large.jpg", picture);
  Arguments arguments{"picture", "sheet", "-o", folder / "sheet.png"};
  for (int i = 0; i < 50; ++i) arguments.push_back(folder / "large.jpg");
  expect_cancelled(arguments, folder, SIGINT);
  EXPECT_EQ(folder.file_names(), std::vector<std::string>{"large.jpg"});
}

TEST(Interrupt, EndsATrainingOfLongSteps) {
  if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
  const test::TemporaryFolder folder;
  const char* const vae = R"({"block_out_channels": [32, 64, 128, 128], "layers_per_block": 1, "norm_num_groups": 8})";
  expect_cancelled({"train", "autoencoder", "--output-dir", folder / "out", "--vae", vae, "--train-batch-size", "64"},
                   folder, SIGTERM);
}

TEST(Interrupt, ATrainingOfShortStepsKeepsThem) {
  if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
  const test::TemporaryFolder folder;
  write_tiny_training(folder);
  Arguments arguments = tiny_training_arguments("out", 1'000'000);
  arguments.insert(arguments.end(), {"--checkpointing-steps", "0"});
  EaselProcess process(arguments, folder.path());
  for (int i = 0; i < 600 && !std::filesystem::exists(folder / "out/training_log.jsonl"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  std::this_thread::sleep_for(kUnderWay);
  process.send_signal(SIGINT);
  const ProcessResult result = process.wait();
  EXPECT_EQ(result.exit_status, kCancelled) << result.err;
  if (result.err.find("in the midst") != std::string::npos) GTEST_SKIP() << "no time to write it on this machine";
  const size_t at = result.err.find("checkpoint-");
  ASSERT_NE(at, std::string::npos) << result.err;
  const int step = std::stoi(result.err.substr(at + 11));
  EXPECT_NE(result.err.find("stopped after step " + std::to_string(step)), std::string::npos) << result.err;
  Arguments more = tiny_training_arguments("out", step + 1);
  more.insert(more.end(), {"--resume", "latest"});
  EXPECT_EQ(run_easel(more, folder.path()).exit_status, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / ("out/checkpoint-" + std::to_string(step + 1))));
}

}  // namespace
}  // namespace easel
