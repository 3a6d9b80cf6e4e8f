// Two processes that train together, started with the environment that torchrun sets.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "checkpoints/tensor_file.h"
#include "cli/easel_process.h"
#include "cli/tiny_training.h"
#include "easel/error.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

// A port that is free now.
int free_port() {
  const int file = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(file, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(file, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(file);
  return ntohs(address.sin_port);
}

class TrainProcesses : public testing::Test {
 protected:
  void SetUp() override {
    write_tiny_training(folder_);
    setenv("MASTER_ADDR", "127.0.0.1", 1);
    setenv("MASTER_PORT", std::to_string(free_port()).c_str(), 1);
    setenv("WORLD_SIZE", "2", 1);
  }
  void TearDown() override {
    for (const char* name : {"MASTER_ADDR", "MASTER_PORT", "WORLD_SIZE", "RANK"}) unsetenv(name);
  }
  std::unique_ptr<EaselProcess> start(int rank, const std::vector<std::string>& arguments) {
    setenv("RANK", std::to_string(rank).c_str(), 1);
    return std::make_unique<EaselProcess>(arguments, folder_.path());
  }

  void expect_two_train_as_one(const std::vector<std::string>& more);

  test::TemporaryFolder folder_;
};

// Each takes half of every batch and the gradients are averaged: the same training as one process with whole batches.
void TrainProcesses::expect_two_train_as_one(const std::vector<std::string>& more) {
  auto arguments = tiny_training_arguments("one", 20), halves = tiny_training_arguments("two", 20);
  arguments.insert(arguments.end(), more.begin(), more.end());
  halves.insert(halves.end(), more.begin(), more.end());
  halves.insert(halves.end(), {"--train-batch-size", "1"});
  const auto first = start(0, halves), second = start(1, halves);
  const ProcessResult first_result = first->wait(), second_result = second->wait();
  ASSERT_EQ(first_result.exit_status, 0) << first_result.err;
  ASSERT_EQ(second_result.exit_status, 0) << second_result.err;
  unsetenv("WORLD_SIZE");
  unsetenv("RANK");
  const ProcessResult whole = run_easel(arguments, folder_.path());
  ASSERT_EQ(whole.exit_status, 0) << whole.err;

  const auto expected = read_safetensors(folder_ / "one/checkpoint-20/state.safetensors").tensors;
  const auto got = read_safetensors(folder_ / "two/checkpoint-20/state.safetensors").tensors;
  ASSERT_EQ(got.size(), expected.size());
  // Sums in another order; Adam's first steps magnify what is near zero, so the averages of the weights are compared.
  for (const auto& [name, tensor] : expected) {
    // Softmax cancels the keys' biases: their gradients are rounding alone.
    if (!name.starts_with("ema.") || name.ends_with("to_k.bias")) continue;
    EXPECT_TRUE(tensors_near(got.at(name), tensor, 1e-3, 2e-4)) << name;
  }
}

TEST_F(TrainProcesses, TwoTrainAsOneWithTheWholeBatch) { expect_two_train_as_one({}); }

TEST_F(TrainProcesses, TwoTrainAsOneWithADiscriminatorThatRestsAtFirst) {
  expect_two_train_as_one({"--adversarial-weight", "0.01", "--adversarial-start", "10"});
}

TEST_F(TrainProcesses, ALostProcessEndsTheOtherWithOneLine) {
  const auto arguments = tiny_training_arguments("lost", 1'000'000);
  const auto first = start(0, arguments), second = start(1, arguments);
  sleep(3);
  second->send_signal(SIGKILL);
  second->wait();
  const ProcessResult result = first->wait();
  EXPECT_EQ(result.exit_status, error_exit_code(ErrorCode::Unsupported)) << result.err;
  EXPECT_NE(result.err.find("lost the others"), std::string::npos) << result.err;
}

TEST_F(TrainProcesses, ARankOutsideTheWorldIsRefused) {
  const ProcessResult result = start(2, tiny_training_arguments("out", 1))->wait();
  EXPECT_EQ(result.exit_status, error_exit_code(ErrorCode::InvalidArgument));
  EXPECT_NE(result.err.find("RANK = 2; must be 0..1"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace easel
