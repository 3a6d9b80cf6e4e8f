// What whole trainings give: from a tokenizer to pictures, with frozen parts, with caches.
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
#include "training/training_run.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

TEST_F(TrainingRun, TrainsFromTokenizerToPictures) {
  TrainConfig autoencoder = autoencoder_config(folder_, "vae");
  run_training(autoencoder, TrainerKind::autoencoder, {});
  train_bytes_tokenizer(folder_);

  TrainConfig config = text_to_image_config(folder_);
  config.prediction_type = "v_prediction";
  config.snr_gamma = 5;
  config.latent_cache = folder_ / "latents.safetensors";
  config.sample_steps = 6;
  config.sample_prompts = {"picture 1", "picture 2"};
  config.sample_inference_steps = 2;
  run_training(config, TrainerKind::text_to_image, {});
  EXPECT_TRUE(fs::exists(folder_ / "out/samples/step-0000006.png"));

  Pipeline pipeline = Pipeline::load(folder_ / "out/model");
  GenerationParameters parameters;
  parameters.prompt = "picture 3";
  parameters.num_inference_steps = 2;
  const Picture picture = pipeline.generate(parameters).at(0).picture;
  EXPECT_EQ(picture.width_px, 16);
  EXPECT_EQ(picture.height_px, 16);
}

// A second stage: everything comes from the first stage's model.
TEST_F(TrainingRun, AModelIsTrainedOnAsItsSchedulerSays) {
  TrainConfig autoencoder = autoencoder_config(folder_, "vae");
  autoencoder.max_train_steps = 1;
  run_training(autoencoder, TrainerKind::autoencoder, {});
  train_bytes_tokenizer(folder_);
  TrainConfig config = text_to_image_config(folder_);
  config.prediction_type = "v_prediction";
  config.sample_guidance_scale = 3.5;
  config.max_train_steps = 1;
  run_training(config, TrainerKind::text_to_image, {});

  const auto json_of = [&](const std::string& file) { return nlohmann::json::parse(std::ifstream(folder_ / file)); };
  nlohmann::json scheduler = json_of("out/model/scheduler/scheduler_config.json");
  EXPECT_EQ(scheduler.at("prediction_type"), "v_prediction");
  EXPECT_EQ(json_of("out/model/model_index.json").at("guidance_scale"), 3.5);

  scheduler["beta_end"] = 0.02;
  folder_.write("out/model/scheduler/scheduler_config.json", scheduler.dump());
  TrainConfig second = config;
  second.model = folder_ / "out/model";
  second.unet.text.clear();
  second.text_encoder.text.clear();
  second.tokenizer.clear();
  second.output_dir = folder_ / "second";
  run_training(second, TrainerKind::text_to_image, {});
  EXPECT_EQ(json_of("second/model/scheduler/scheduler_config.json"), scheduler);

  second.prediction_type = "epsilon";
  second.output_dir = folder_ / "third";
  try {
    run_training(second, TrainerKind::text_to_image, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[train] prediction_type = epsilon; the model's scheduler says v_prediction");
  }
}

TEST_F(TrainingRun, AModelOfStorybookSaysItsWorld) {
  TrainConfig autoencoder = autoencoder_config(folder_, "vae");
  autoencoder.max_train_steps = 1;
  run_training(autoencoder, TrainerKind::autoencoder, {});
  train_bytes_tokenizer(folder_);
  TrainConfig config = text_to_image_config(folder_);
  config.storybook_world = "first";
  config.max_train_steps = 1;
  run_training(config, TrainerKind::text_to_image, {});  // on pictures of its own
  const auto index_of = [](const std::string& output) {
    return nlohmann::json::parse(std::ifstream(output + "/model/model_index.json"));
  };
  EXPECT_FALSE(index_of(config.output_dir).contains("storybook_world"));

  config.dataset = "storybook";
  config.output_dir = folder_ / "of storybook";
  run_training(config, TrainerKind::text_to_image, {});
  EXPECT_EQ(index_of(config.output_dir).at("storybook_world"), "first");
}

// With one example in a step, the error of its quarter is the step's loss.
TEST_F(TrainingRun, TheLogTellsTheErrorInEachQuarterOfTheTimesteps) {
  TrainConfig autoencoder = autoencoder_config(folder_, "vae");
  autoencoder.max_train_steps = 1;
  run_training(autoencoder, TrainerKind::autoencoder, {});
  train_bytes_tokenizer(folder_);
  TrainConfig config = text_to_image_config(folder_);
  config.train_batch_size = config.gradient_accumulation_steps = 1;
  config.max_train_steps = 24;
  run_training(config, TrainerKind::text_to_image, {});

  std::ifstream log(folder_ / "out/training_log.jsonl");
  std::set<std::string> quarters;
  for (std::string line; std::getline(log, line);) {
    const nlohmann::json json = nlohmann::json::parse(line);
    int errors = 0;
    for (const auto& [name, value] : json.items()) {
      if (!name.starts_with("error_")) continue;
      quarters.insert(name);
      ++errors;
      EXPECT_FLOAT_EQ(value.get<float>(), json.at("loss").get<float>());
    }
    EXPECT_EQ(errors, 1) << line;
  }
  EXPECT_EQ(quarters, (std::set<std::string>{"error_0_249", "error_250_499", "error_500_749", "error_750_999"}));
}

TEST_F(TrainingRun, FrozenTextEncoderStaysAsItIs) {
  TrainConfig autoencoder = autoencoder_config(folder_, "vae");
  autoencoder.max_train_steps = 1;
  run_training(autoencoder, TrainerKind::autoencoder, {});
  train_bytes_tokenizer(folder_);
  TrainConfig config = text_to_image_config(folder_);
  config.train_text_encoder = false;
  config.max_train_steps = 2;
  run_training(config, TrainerKind::text_to_image, {});
  for (const auto& [name, tensor] : state_of(config.output_dir, 2))
    EXPECT_EQ(name.find("text_encoder"), std::string::npos) << name;
}

TEST_F(TrainingRun, CachedEmbeddingsGiveTheSameBitsWhetherTheyWereThereOrNot) {
  TrainConfig autoencoder = autoencoder_config(folder_, "vae");
  autoencoder.max_train_steps = 1;
  run_training(autoencoder, TrainerKind::autoencoder, {});
  train_bytes_tokenizer(folder_);
  TrainConfig config = text_to_image_config(folder_);
  config.train_text_encoder = false;
  config.embedding_cache = folder_ / "embeddings.safetensors";
  run_training(config, TrainerKind::text_to_image, {});
  const NamedTensors first = state_of(config.output_dir, 6);
  const auto size_bytes = fs::file_size(config.embedding_cache);

  config.output_dir = folder_ / "again";
  run_training(config, TrainerKind::text_to_image, {});
  expect_same_state(state_of(config.output_dir, 6), first);
  EXPECT_EQ(fs::file_size(config.embedding_cache), size_bytes);

  config.output_dir = folder_ / "broken";
  config.embedding_cache = folder_ / "embeddings of two steps.safetensors";
  EXPECT_EQ(code_of([&] { run_training(config, TrainerKind::text_to_image, stopping_after(4)); }),
            ErrorCode::Cancelled);
  EXPECT_LT(fs::file_size(config.embedding_cache), size_bytes);
  config.resume = "latest";
  run_training(config, TrainerKind::text_to_image, {});
  expect_same_state(state_of(config.output_dir, 6), first);
}

}  // namespace
}  // namespace easel
