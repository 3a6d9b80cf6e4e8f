// Whole trainings of tiny networks on a folder of pictures: what they leave behind, and that a resumed one is the same.
#include "training/training_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "easel/pipeline.h"
#include "ops/op_observer.h"
#include "pictures/picture_file.h"
#include "temporary_folder.h"
#include "tensor/cancellation_scope.h"
#include "tensor_matchers.h"
#include "training/tiny_trainings.h"
#include "training/training_checkpoint.h"
#include "training/training_kind.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

TEST(TrainingKinds, EachTrainerHasOneRowWithATaskOrARun) {
  std::set<TrainerKind> trainers;
  for (const TrainingKind& kind : training_kinds()) {
    EXPECT_TRUE(trainers.insert(kind.trainer).second) << trainer_name(kind.trainer);
    EXPECT_NE(kind.make_task == nullptr, kind.run == nullptr) << trainer_name(kind.trainer);
  }
  for (uint32_t bit = 1; *trainer_name(static_cast<TrainerKind>(bit)) != 0; bit *= 2)
    EXPECT_TRUE(trainers.contains(static_cast<TrainerKind>(bit))) << trainer_name(static_cast<TrainerKind>(bit));
}

TEST_F(TrainingRun, ResumedEqualsUnbrokenBitForBit) {
  const TrainConfig whole = autoencoder_config(folder_, "whole");
  run_training(whole, TrainerKind::autoencoder, {});

  TrainConfig broken = autoencoder_config(folder_, "broken");
  EXPECT_EQ(code_of([&] { run_training(broken, TrainerKind::autoencoder, stopping_after(7)); }), ErrorCode::Cancelled);
  broken.resume = "latest";
  EXPECT_EQ(code_of([&] { run_training(broken, TrainerKind::autoencoder, stopping_after(4)); }), ErrorCode::Cancelled);
  run_training(broken, TrainerKind::autoencoder, {});
  expect_same_state(state_of(broken.output_dir, 6), state_of(whole.output_dir, 6));
  EXPECT_EQ(lines_of(folder_ / "broken/training_log.jsonl"), 6);
  EXPECT_TRUE(fs::exists(folder_ / "broken/model/vae/diffusion_pytorch_model.safetensors"));
}

// Every loss at once: the tower is one that `easel train clip` made.
TEST_F(TrainingRun, ResumedEqualsUnbrokenWithADiscriminatorAndAPerceptualModel) {
  train_bytes_tokenizer(folder_);
  run_training(clip_config(folder_), TrainerKind::clip, {});
  const auto config = [&](const std::string& output) {
    TrainConfig made = autoencoder_config(folder_, output);
    made.perceptual_weight = 0.1;
    made.perceptual_model = folder_ / "clip/model";
    made.adversarial_weight = 0.1;
    made.adversarial_start = 2;
    return made;
  };
  run_training(config("whole"), TrainerKind::autoencoder, {});

  TrainConfig broken = config("broken");
  for (const int batches : {7, 3}) {  // before the discriminator takes part, and after
    EXPECT_EQ(code_of([&] { run_training(broken, TrainerKind::autoencoder, stopping_after(batches)); }),
              ErrorCode::Cancelled);
    broken.resume = "latest";
  }
  run_training(broken, TrainerKind::autoencoder, {});
  expect_same_state(state_of(broken.output_dir, 6), state_of(config("whole").output_dir, 6));
  for (const auto& [name, tensor] :
       read_safetensors(folder_.path() / "broken/model/vae/diffusion_pytorch_model.safetensors").tensors)
    EXPECT_EQ(name.find("discriminator"), std::string::npos) << name;
}

// Runs until `most` operations are done. Returns how many there were.
int run_until(const TrainConfig& config, int most) {
  const CancellationToken token;
  const ScopedCancellation scope(token);
  int operations = 0;
  const ScopedOpObserver observer([&](const OpRecord&) {
    if (++operations == most) token.request();
  });
  try {
    run_training(config, TrainerKind::autoencoder, {});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled) << error.what();
  }
  return operations;
}

// Anywhere: in the forward and backward passes of either network, in an update, while a checkpoint is written.
TEST_F(TrainingRun, StoppedBetweenAnyOperationsItResumesBitForBit) {
  const auto config = [&](const std::string& output) {
    TrainConfig made = autoencoder_config(folder_, output);
    made.adversarial_weight = 0.1;
    made.adversarial_start = 1;
    return made;
  };
  run_training(config("whole"), TrainerKind::autoencoder, {});
  TrainConfig broken = config("broken");
  int stops = 0;
  for (int most = 700; run_until(broken, most) >= most; most += 300) {  // a step has some 900
    ASSERT_LT(++stops, 100);
    if (!fs::exists(broken.output_dir)) continue;
    for (const auto& entry : fs::directory_iterator(broken.output_dir))
      EXPECT_FALSE(entry.path().filename().string().starts_with("unfinished")) << entry.path();
    if (has_checkpoint(broken.output_dir)) broken.resume = "latest";
  }
  EXPECT_GT(stops, 5);
  expect_same_state(state_of(broken.output_dir, 6), state_of(config("whole").output_dir, 6));
}

TEST_F(TrainingRun, DiscriminatorRestsUntilItsFirstStep) {
  TrainConfig config = autoencoder_config(folder_, "out");
  config.adversarial_weight = 0.1;
  config.adversarial_start = 3;
  config.checkpointing_steps = 1;
  config.checkpoints_total_limit = 10;
  run_training(config, TrainerKind::autoencoder, {});
  const char* const name = "discriminator.conv_in.weight";
  const auto weight = [&](int64_t step) {
    return state_of(config.output_dir, step).at(std::string("weights.") + name);
  };
  EXPECT_TRUE(tensors_identical(weight(3), weight(1)));
  EXPECT_FALSE(tensors_near(weight(4), weight(3), 1e-3, 1e-6));
  EXPECT_FALSE(state_of(config.output_dir, 6).contains(std::string("ema.") + name));
}

TEST_F(TrainingRun, KeepsCheckpointsOfAnEarlierTraining) {
  TrainConfig config = autoencoder_config(folder_, "out");
  config.max_train_steps = 1;
  run_training(config, TrainerKind::autoencoder, {});
  EXPECT_EQ(code_of([&] { run_training(config, TrainerKind::autoencoder, {}); }), ErrorCode::InvalidArgument);
  config.resume = folder_ / "out/checkpoint-7";
  EXPECT_EQ(code_of([&] { run_training(config, TrainerKind::autoencoder, {}); }), ErrorCode::NotFound);
}

TEST_F(TrainingRun, RefusesACheckpointOfAnotherArchitecture) {
  TrainConfig config = autoencoder_config(folder_, "out");
  config.max_train_steps = 1;
  run_training(config, TrainerKind::autoencoder, {});
  config.resume = "latest";
  config.vae.text.replace(config.vae.text.find("[8, 8]"), 6, "[8,16]");
  EXPECT_EQ(code_of([&] { run_training(config, TrainerKind::autoencoder, {}); }), ErrorCode::CorruptFile);
}

TEST_F(TrainingRun, StopsAtTheFirstLossThatIsNotFinite) {
  TrainConfig config = autoencoder_config(folder_, "out");
  config.lr_schedule = "constant";
  config.learning_rate = 1e18;
  config.max_grad_norm = 0;
  EXPECT_EQ(code_of([&] { run_training(config, TrainerKind::autoencoder, {}); }), ErrorCode::Unsupported);
}

TEST_F(TrainingRun, BrokenPicturesAreCountedAndLeftOut) {
  folder_.write("data/broken.txt", "a broken picture");
  folder_.write("data/broken.png", "\x89PNG\r\n\x1a\n and nothing more");
  std::string told;
  TrainingCallbacks callbacks;
  callbacks.on_message = [&](const std::string& message) { told += message + "\n"; };
  run_training(autoencoder_config(folder_, "out"), TrainerKind::autoencoder, callbacks);
  EXPECT_NE(told.find("broken.png"), std::string::npos) << told;
  EXPECT_NE(told.find("1 skipped"), std::string::npos) << told;
  EXPECT_NE(told.find("6 examples"), std::string::npos) << told;
  for (const auto& [name, tensor] : state_of(folder_ / "out", 6))
    for (const float value : tensor.span()) ASSERT_TRUE(std::isfinite(value)) << name;
}

TEST_F(TrainingRun, OnePictureTrains) {
  TrainConfig config = autoencoder_config(folder_, "out");
  config.num_examples = 1;
  run_training(config, TrainerKind::autoencoder, {});
  EXPECT_EQ(lines_of(folder_ / "out/training_log.jsonl"), 6);
}

TEST_F(TrainingRun, NothingUsableIsAnErrorBeforeAnythingIsWritten) {
  TrainConfig config = autoencoder_config(folder_, "out");
  config.train_data_dir = folder_ / "empty";
  fs::create_directory(config.train_data_dir);
  EXPECT_THROW(run_training(config, TrainerKind::autoencoder, {}), Error);
  EXPECT_FALSE(fs::exists(config.output_dir));
}

TEST_F(TrainingRun, AFrozenEncoderStaysAndTheDecoderLearns) {
  TrainConfig config = autoencoder_config(folder_, "first");
  config.max_train_steps = 1;
  run_training(config, TrainerKind::autoencoder, {});
  config.output_dir = folder_ / "second";
  config.train_encoder = false;
  EXPECT_EQ(code_of([&] { run_training(config, TrainerKind::autoencoder, {}); }), ErrorCode::InvalidArgument);

  config.vae.text.clear();
  config.model = folder_ / "first/model";
  config.max_train_steps = 6;
  run_training(config, TrainerKind::autoencoder, {});
  const auto weights = [&](const char* output) {
    return read_safetensors(folder_ / (std::string(output) + "/model/vae/diffusion_pytorch_model.safetensors")).tensors;
  };
  const auto before = weights("first"), after = weights("second");
  ASSERT_EQ(before.size(), after.size());
  EXPECT_TRUE(tensors_identical(after.at("encoder.conv_in.weight"), before.at("encoder.conv_in.weight")));
  EXPECT_TRUE(tensors_identical(after.at("quant_conv.bias"), before.at("quant_conv.bias")));
  EXPECT_FALSE(tensors_identical(after.at("decoder.conv_out.weight"), before.at("decoder.conv_out.weight")));
}

TEST_F(TrainingRun, HalfPrecisionIsForGpus) {
  TrainConfig config = autoencoder_config(folder_, "out");
  config.mixed_precision = "bf16";
  EXPECT_EQ(code_of([&] { run_training(config, TrainerKind::autoencoder, {}); }), ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace easel
