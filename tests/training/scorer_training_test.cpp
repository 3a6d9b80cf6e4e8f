// The scorer's and CLIP's trainings on the torch backend: every weight learns, and a batch is a function of its number.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "easel/error.h"
#include "model_tools/random_model.h"
#include "ops/autograd.h"
#include "pipelines/device.h"
#include "temporary_folder.h"
#include "training/losses/losses.h"
#include "training/tasks/clip_task.h"
#include "training/tasks/scorer_task.h"

namespace easel {
namespace {

class OnTorch : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
    select_device("torch:cpu");
  }

  // Names of leaves that the loss of batch 0 gives no gradient, or only zeros. Biases of attention's keys are left out:
  // softmax cancels them.
  static std::vector<std::string> idle_weights(TrainingTask& task) {
    autograd().backward(task.loss(0, 0).total);
    std::vector<std::string> idle;
    const NamedTensors leaves = task.parameter_groups().at(0);
    for (const auto& [name, leaf] : leaves) {
      if (name.ends_with("to_k.bias") || name.ends_with("k_proj.bias")) continue;
      const Tensor gradient = autograd().gradient(leaf);
      if (!gradient.defined() || autograd().gradient_norm({leaf}) == 0) idle.push_back(name);
    }
    return idle;
  }
};

ScorerTaskOptions scorer_options(int rank = 0, int world_size = 1) {
  return {.vision_model = {{"image_size", 16},
                           {"block_out_channels", {8, 16}},
                           {"norm_num_groups", 4},
                           {"num_attention_heads", 2}},
          .data = {.world = storybook::World::small(), .batch_size = 24, .seed = 3},
          .rank = rank,
          .world_size = world_size};
}

class ScorerTraining : public OnTorch {};

TEST_F(ScorerTraining, EveryWeightLearns) {
  ScorerTask task(scorer_options());
  EXPECT_EQ(idle_weights(task), std::vector<std::string>{});
}

TEST_F(ScorerTraining, BatchesAreFunctionsOfNumberAndRank) {
  ScorerTask alone(scorer_options()), first(scorer_options(0, 2)), second(scorer_options(1, 2));
  const auto loss = [](ScorerTask& task, int64_t batch) { return item(task.loss(batch, 0).total); };
  EXPECT_EQ(loss(alone, 5), loss(alone, 5));
  EXPECT_NE(loss(alone, 5), loss(alone, 6));
  // Two processes read batches 0, 1, 2, … in turn.
  EXPECT_EQ(loss(first, 2), loss(alone, 4));
  EXPECT_EQ(loss(second, 2), loss(alone, 5));
}

class ClipTraining : public OnTorch {
 protected:
  void SetUp() override {
    OnTorch::SetUp();
    if (IsSkipped()) return;
    write_random_model(folder_.path() / "model", {});
    options_ = {.start = {.tokenizer = folder_ / "model/tokenizer"},
                .text_encoder = {{"vocab_size", 514},
                                 {"hidden_size", 16},
                                 {"intermediate_size", 24},
                                 {"num_hidden_layers", 1},
                                 {"num_attention_heads", 2},
                                 {"projection_dim", 8}},
                .vision_model = {{"hidden_size", 16},
                                 {"intermediate_size", 24},
                                 {"num_hidden_layers", 1},
                                 {"num_attention_heads", 2},
                                 {"image_size", 16},
                                 {"patch_size", 8}}};
    dataset_ = open_dataset({.world = "small", .num_examples = 50, .resolution = 16}, report_);
    loader_ = loader_of(16, 6);
  }
  std::unique_ptr<BatchLoader> loader_of(int64_t resolution, int64_t batch_size) {
    return make_batch_loader(*dataset_, {.resolution = resolution, .batches = {.batch_size = batch_size}}, report_);
  }

  test::TemporaryFolder folder_;
  ClipTaskOptions options_;
  DatasetReport report_;
  std::unique_ptr<Dataset> dataset_;
  std::unique_ptr<BatchLoader> loader_;
};

TEST_F(ClipTraining, EveryWeightLearnsFromBothDirections) {
  ClipTask task(options_, *loader_);
  const StepLoss loss = task.loss(0, 0);
  EXPECT_NEAR(item(loss.total), (item(loss.terms[0].value) + item(loss.terms[1].value)) / 2, 1e-5);
  EXPECT_EQ(idle_weights(task), std::vector<std::string>{});
}

TEST_F(ClipTraining, WritesAFolderThatItGoesOnFrom) {
  ClipTask task(options_, *loader_);
  NamedTensors weights = task.parameter_groups().at(0);
  for (auto& [name, tensor] : weights) tensor = to_host(tensor);
  task.write_model(folder_.path() / "clip", weights);
  ClipTask continued({.start = {.model = folder_ / "clip"}}, *loader_);
  EXPECT_NEAR(item(continued.loss(0, 0).total), item(task.loss(0, 0).total), 1e-2);  // stored in 16 bits
}

TEST_F(ClipTraining, WhatDoesNotFitIsRefused) {
  ClipTaskOptions options = options_;
  options.start.tokenizer.clear();
  EXPECT_THROW(ClipTask(options, *loader_), Error);
  options = options_;
  options.vision_model = nullptr;
  EXPECT_THROW(ClipTask(options, *loader_), Error);
  EXPECT_THROW(ClipTask(options_, *loader_of(32, 6)), Error);
  EXPECT_THROW(ClipTask(options_, *loader_of(16, 1)), Error);
}

}  // namespace
}  // namespace easel
