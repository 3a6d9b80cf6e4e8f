// The configuration is cut once: every parameter is read there, and what lies below sees its own options only.
#include "training/training_options.h"

#include <gtest/gtest.h>

#include <fstream>

#include "build_paths.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

const fs::path kTraining = test::source_path("src/training");

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TrainingOptions, EveryParameterIsRead) {
  const std::string readers = text_of(kTraining / "training_options.cpp") + text_of(kTraining / "training_run.cpp") +
                              text_of(kTraining / "training_kind.cpp");
  for (const TrainParameter& parameter : train_table().rows())
    EXPECT_NE(readers.find(std::string("config.") + parameter.name), std::string::npos) << parameter.name;
}

TEST(TrainingOptions, NothingBelowTheRunSeesTheWholeConfiguration) {
  int checked = 0;
  for (const char* folder : {"training/cache", "training/losses", "training/tasks", "datasets", "evaluation"})
    for (const auto& entry : fs::directory_iterator(kTraining.parent_path() / folder)) {
      EXPECT_EQ(text_of(entry.path()).find("train_config.h"), std::string::npos) << entry.path();
      EXPECT_EQ(text_of(entry.path()).find("TrainConfig"), std::string::npos) << entry.path();
      ++checked;
    }
  EXPECT_GT(checked, 40);
  for (const char* file : {"trainer.h", "trainer.cpp", "optimizer.h", "training_checkpoint.h"})
    EXPECT_EQ(text_of(kTraining / file).find("TrainConfig"), std::string::npos) << file;
}

TEST(TrainingOptions, StorybookHasAsManyScenesAsAreAskedFor) {
  TrainConfig config;
  EXPECT_EQ(dataset_options(config, TrainerKind::clip).num_examples, 100'000);
  config.num_examples = 7;
  EXPECT_EQ(dataset_options(config, TrainerKind::clip).num_examples, 7);
  config.num_examples = 0;
  config.dataset = "folder";
  EXPECT_EQ(dataset_options(config, TrainerKind::clip).num_examples, 0);
}

// What one kind of training has no use for stays off, whatever its configuration says.
TEST(TrainingOptions, EachKindReadsItsDataInItsOwnWay) {
  const TrainConfig config;
  EXPECT_FALSE(dataset_options(config, TrainerKind::autoencoder).captions_required);
  EXPECT_TRUE(dataset_options(config, TrainerKind::clip).captions_required);
  EXPECT_FALSE(dataset_options(config, TrainerKind::tokenizer).check_pictures);
  EXPECT_TRUE(dataset_options(config, TrainerKind::clip).check_pictures);
  EXPECT_EQ(picture_batch_options(config, TrainerKind::clip, {}).loading.caption_dropout, 0);
  EXPECT_EQ(picture_batch_options(config, TrainerKind::text_to_image, {}).loading.caption_dropout, 0.1);
}

TEST(TrainingOptions, NetworksThatAreNotGivenAreNull) {
  TrainConfig config;
  config.unet.text = R"({"sample_size": 8})";
  EXPECT_EQ(text_to_image_task_options(config).unet, nlohmann::json({{"sample_size", 8}}));
  EXPECT_TRUE(text_to_image_task_options(config).text_encoder.is_null());
}

}  // namespace
}  // namespace easel
