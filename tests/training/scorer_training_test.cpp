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

TrainConfig scorer_config() {
  TrainConfig config;
  config.vision_model.text =
      R"({"image_size": 16, "block_out_channels": [8, 16], "norm_num_groups": 4, "num_attention_heads": 2})";
  config.storybook_world = "small";
  config.train_batch_size = 24;
  config.seed = 3;
  return config;
}

class ScorerTraining : public OnTorch {};

TEST_F(ScorerTraining, EveryWeightLearns) {
  ScorerTask task(scorer_config(), 0, 1);
  EXPECT_EQ(idle_weights(task), std::vector<std::string>{});
}

TEST_F(ScorerTraining, BatchesAreFunctionsOfNumberAndRank) {
  ScorerTask alone(scorer_config(), 0, 1), first(scorer_config(), 0, 2), second(scorer_config(), 1, 2);
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
    config_.tokenizer = folder_ / "model/tokenizer";
    config_.text_encoder.text =
        R"({"vocab_size": 514, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1,
            "num_attention_heads": 2, "projection_dim": 8})";
    config_.vision_model.text =
        R"({"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2,
            "image_size": 16, "patch_size": 8})";
    config_.storybook_world = "small";
    config_.num_examples = 50;
    config_.resolution = 16;
    config_.train_batch_size = 6;
    dataset_ = open_dataset(dataset_options(config_, TrainerKind::clip), report_);
    loader_ = make_batch_loader(config_, *dataset_, report_, TrainerKind::clip, 0, 1);
  }

  test::TemporaryFolder folder_;
  TrainConfig config_;
  DatasetReport report_;
  std::unique_ptr<Dataset> dataset_;
  std::unique_ptr<BatchLoader> loader_;
};

TEST_F(ClipTraining, EveryWeightLearnsFromBothDirections) {
  ClipTask task(config_, *loader_);
  const StepLoss loss = task.loss(0, 0);
  EXPECT_NEAR(item(loss.total), (item(loss.terms[0].value) + item(loss.terms[1].value)) / 2, 1e-5);
  EXPECT_EQ(idle_weights(task), std::vector<std::string>{});
}

TEST_F(ClipTraining, WritesAFolderThatItGoesOnFrom) {
  ClipTask task(config_, *loader_);
  NamedTensors weights = task.parameter_groups().at(0);
  for (auto& [name, tensor] : weights) tensor = to_host(tensor);
  task.write_model(folder_.path() / "clip", weights);
  TrainConfig next = config_;
  next.model = folder_ / "clip";
  next.tokenizer.clear();
  next.text_encoder.text.clear();
  next.vision_model.text.clear();
  ClipTask continued(next, *loader_);
  EXPECT_NEAR(item(continued.loss(0, 0).total), item(task.loss(0, 0).total), 1e-2);  // stored in 16 bits
}

TEST_F(ClipTraining, WhatDoesNotFitIsRefused) {
  const auto refused = [&](const TrainConfig& config) { EXPECT_THROW(ClipTask(config, *loader_), Error); };
  TrainConfig config = config_;
  config.tokenizer.clear();
  refused(config);
  config = config_;
  config.vision_model.text.clear();
  refused(config);
  config = config_;
  config.resolution = 32;
  refused(config);
  config = config_;
  config.train_batch_size = 1;
  refused(config);
}

}  // namespace
}  // namespace easel
