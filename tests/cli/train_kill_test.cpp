// A training that is killed again and again ends where an unbroken one ends.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include "checkpoints/tensor_file.h"
#include "cli/easel_process.h"
#include "cli/tiny_training.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr int kKills = 20;
constexpr int kSteps = 250;  // far more than twenty kills let it do

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
  std::vector<std::string> arguments = tiny_training_arguments(output, kSteps);
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
  write_tiny_training(folder);
  const ProcessResult whole = run_easel(tiny_training_arguments("whole", kSteps), folder.path());
  ASSERT_EQ(whole.exit_status, 0) << whole.err;

  std::mt19937 random(1);
  int kills = 0;
  while (kills < kKills && run_and_kill(folder, "killed", random) < kSteps) ++kills;
  EXPECT_EQ(kills, kKills);
  std::vector<std::string> arguments = tiny_training_arguments("killed", kSteps);
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
