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
#include "training/training_checkpoint.h"
#include "training/training_kind.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVae = R"({
  "block_out_channels": [8, 8], "layers_per_block": 1, "norm_num_groups": 4, "latent_channels": 4,
  "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D"],
  "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D"]})";
constexpr const char* kTextEncoder = R"({
  "vocab_size": 514, "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
  "max_position_embeddings": 16, "eos_token_id": 513})";
constexpr const char* kUnet = R"({
  "sample_size": 8, "block_out_channels": [8, 16], "layers_per_block": 1, "norm_num_groups": 4,
  "cross_attention_dim": 8, "attention_head_dim": 2,
  "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
  "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]})";

constexpr const char* kVisionModel = R"({
  "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "image_size": 16,
  "patch_size": 8})";

// Six pictures of 16x16 with their captions.
void write_pictures(const test::TemporaryFolder& folder) {
  for (int i = 0; i < 6; ++i) {
    Picture picture{.width_px = 16, .height_px = 16, .channels = 3, .pixels = std::vector<uint8_t>(16 * 16 * 3)};
    for (size_t p = 0; p < picture.pixels.size(); ++p)
      picture.pixels[p] = static_cast<uint8_t>(40 * i + (p % 48 < 24 ? 50 : 0));
    const std::string name = "data/" + std::to_string(i);
    folder.write(name + ".txt", "picture " + std::to_string(i));
    write_picture(folder / (name + ".png"), picture);
  }
}

TrainConfig autoencoder_config(const test::TemporaryFolder& folder, const std::string& output) {
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
void train_bytes_tokenizer(const test::TemporaryFolder& folder) {
  TrainConfig config;
  config.dataset = "folder";
  config.train_data_dir = folder / "data";
  config.vocab_size = 514;
  config.model_max_length = 16;
  config.output_dir = folder / "tokenizer";
  run_training(config, TrainerKind::tokenizer, {});
}

// On the autoencoder of a training in "vae".
TrainConfig text_to_image_config(const test::TemporaryFolder& folder) {
  TrainConfig config = autoencoder_config(folder, "out");
  config.vae.text.clear();
  config.model = folder / "vae/model";
  config.tokenizer = folder / "tokenizer";
  config.text_encoder.text = kTextEncoder;
  config.unet.text = kUnet;
  return config;
}

TrainConfig clip_config(const test::TemporaryFolder& folder) {
  TrainConfig config = autoencoder_config(folder, "clip");
  config.vae.text.clear();
  config.tokenizer = folder / "tokenizer";
  config.text_encoder.text = kTextEncoder;
  config.vision_model.text = kVisionModel;
  config.max_train_steps = 1;
  return config;
}

// Stops as Ctrl-C does, after so many batches.
TrainingCallbacks stopping_after(int batches) {
  TrainingCallbacks callbacks;
  callbacks.interrupted = [left = std::make_shared<int>(batches)] { return --*left < 0; };
  return callbacks;
}

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::Internal;
}

NamedTensors state_of(const std::string& output, int64_t step) {
  return read_safetensors(fs::path(output) / ("checkpoint-" + std::to_string(step)) / "state.safetensors").tensors;
}

void expect_same_state(const NamedTensors& got, const NamedTensors& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (const auto& [name, tensor] : expected) EXPECT_TRUE(tensors_identical(got.at(name), tensor)) << name;
}

int64_t lines_of(const std::string& path) {
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
