#include "training/train_config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "build_paths.h"
#include "easel/error.h"
#include "temporary_folder.h"

namespace easel {
namespace {

constexpr TrainerKind kDiffusion = TrainerKind::text_to_image;

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string text_of(const TrainConfig& config, const TrainParameter& parameter) {
  return parameter_text(parameter.source(config));
}

TEST(TrainConfig, JsonRoundTripsForEveryParameter) {
  TrainConfig config;
  config.sample_prompts = {"a red cat", "two \"blue\" boats, pixel art"};
  config.unet.text = R"({"block_out_channels":[32,64]})";
  config.learning_rate = 0.1;
  config.use_ema = true;
  const TrainConfig again = train_config_from_json(train_config_to_json(config, kDiffusion), kDiffusion);
  for (const TrainParameter& parameter : train_table().rows())
    EXPECT_EQ(text_of(again, parameter), text_of(config, parameter)) << parameter.name;
}

TEST(TrainConfig, TextFormsRoundTripForEveryParameter) {
  TrainConfig config;
  config.sample_prompts = {"a red cat", "two boats"};
  config.vae.text = R"({"latent_channels":4})";
  for (const TrainParameter& parameter : train_table().rows())
    for (const TrainerKind trainer :
         {TrainerKind::tokenizer, TrainerKind::autoencoder, kDiffusion, TrainerKind::clip, TrainerKind::scorer}) {
      if (!parameter.used_by(static_cast<uint32_t>(trainer))) continue;
      TrainConfig set;
      set_train_parameter(set, trainer, parameter.name, text_of(config, parameter));
      EXPECT_EQ(text_of(set, parameter), text_of(config, parameter)) << parameter.name;
    }
}

TEST(TrainConfig, UnknownNameIsRefusedWithTheNearestOne) {
  TrainConfig config;
  EXPECT_EQ(message_of([&] { set_train_parameter(config, kDiffusion, "learning_rat", "1"); }),
            "[train] unknown parameter 'learning_rat'; did you mean learning_rate?");
  const std::string none_near = message_of([&] { train_config_from_json(R"({"number": 5})", kDiffusion); });
  EXPECT_TRUE(none_near.starts_with("[train] unknown parameter 'number'; known are: dataset, ")) << none_near;
}

TEST(TrainConfig, ParameterOfAnotherTrainerIsRefused) {
  TrainConfig config;
  EXPECT_EQ(message_of([&] { set_train_parameter(config, kDiffusion, "kl_weight", "1"); }),
            "[train] kl_weight is no parameter of text-to-image");
}

TEST(TrainConfig, WrongValuesAreNamedWithWhatIsAllowed) {
  TrainConfig config;
  const auto set = [&](const char* name, const char* value) {
    return message_of([&] { set_train_parameter(config, kDiffusion, name, value); });
  };
  EXPECT_EQ(set("train_batch_size", "0"), "[train] train_batch_size = 0; must be 1..65536");
  EXPECT_EQ(set("train_batch_size", "4.5"), "[train] train_batch_size = '4.5'; must be an integer");
  EXPECT_EQ(set("use_ema", "yes"), "[train] use_ema = 'yes'; must be true or false");
  EXPECT_EQ(set("lr_schedule", "cosin"),
            "[train] lr_schedule = 'cosin'; must be one of: constant, constant_with_warmup, linear, cosine; did you "
            "mean cosine?");
  EXPECT_EQ(set("learning_rate", "nan"), "[train] learning_rate = nan; must be 0..10");
  EXPECT_EQ(config.train_batch_size, TrainConfig{}.train_batch_size) << "a refused value must change nothing";
}

TEST(TrainConfig, TomlAndJsonFilesSayTheSame) {
  const test::TemporaryFolder folder;
  const auto toml = folder.write("a.toml",
                                 "learning_rate = 2e-4  # as a comment says\ntrain_batch_size = 32\nuse_ema = true\n"
                                 "sample_prompts = [\n  \"a red cat\",\n  \"a boat\",\n]\n"
                                 "[unet]\nblock_out_channels = [32, 64]\n");
  const auto json = folder.write("a.json",
                                 R"({"learning_rate": 2e-4, "train_batch_size": 32, "use_ema": true,
                                     "sample_prompts": ["a red cat", "a boat"],
                                     "unet": {"block_out_channels": [32, 64]}})");
  const TrainConfig config = read_train_config(toml, kDiffusion);
  EXPECT_EQ(config.learning_rate, 2e-4);
  EXPECT_EQ(config.sample_prompts, (std::vector<std::string>{"a red cat", "a boat"}));
  EXPECT_EQ(config.unet.text, R"({"block_out_channels":[32,64]})");
  EXPECT_EQ(train_config_to_json(config, kDiffusion),
            train_config_to_json(read_train_config(json, kDiffusion), kDiffusion));
}

TEST(TrainConfig, NetworkConfigurationsMayBeFiles) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("unet.json", R"({"in_channels": 4})");
  TrainConfig config;
  set_train_parameter(config, kDiffusion, "unet", file.string());
  EXPECT_EQ(config.unet.text, R"({"in_channels":4})");
  EXPECT_THROW(set_train_parameter(config, kDiffusion, "unet", folder / "none.json"), Error);
  EXPECT_THROW(set_train_parameter(config, kDiffusion, "unet", "{broken"), Error);
}

TEST(TrainConfig, BrokenFilesAreNamedWithTheLine) {
  const test::TemporaryFolder folder;
  const auto message = [&](const std::string& name, const std::string& content) {
    const auto path = folder.write(name, content);
    return message_of([&] { read_train_config(path, kDiffusion); });
  };
  const std::string toml = message("a.toml", "seed = 1\nlearning_rate = = 3\n");
  EXPECT_EQ(toml.rfind("[toml] '" + (folder / "a.toml") + "' line 2: ", 0), 0u) << toml;
  EXPECT_EQ(message("b.toml", "seed = 1979-05-27\n"),
            "[toml] '" + (folder / "b.toml") + "' line 1: dates and times mean nothing here");
  EXPECT_NE(message("a.json", "{").find("[json] '"), std::string::npos);
  EXPECT_EQ(message("c.json", R"({"seed": "one"})"), "[train] seed = \"one\"; must be an integer");
  EXPECT_EQ(message("d.toml", "seeds = 1\n"), "[train] unknown parameter 'seeds'; did you mean seed?");
}

TEST(TrainConfig, PerceptualWeightAndModelNeedEachOther) {
  TrainConfig config;
  config.output_dir = "out";
  config.perceptual_weight = 0.5;
  EXPECT_EQ(message_of([&] { check_train_config(config, TrainerKind::autoencoder); }),
            "[train] perceptual_model is missing, which perceptual_weight > 0 needs");
  config.perceptual_model = "clip";
  check_train_config(config, TrainerKind::autoencoder);
  config.perceptual_weight = 0;
  EXPECT_EQ(message_of([&] { check_train_config(config, TrainerKind::autoencoder); }),
            "[train] perceptual_model is given; perceptual_weight must be above 0");
}

TEST(TrainConfig, EmbeddingCacheNeedsAFrozenTextEncoder) {
  TrainConfig config;
  config.output_dir = "out";
  config.embedding_cache = "embeddings.safetensors";
  EXPECT_EQ(message_of([&] { check_train_config(config, kDiffusion); }),
            "[train] embedding_cache keeps what a text encoder gave once; train_text_encoder must be false");
  config.train_text_encoder = false;
  check_train_config(config, kDiffusion);
}

TEST(TrainConfig, EmphasisIsForStorybookOnly) {
  TrainConfig config;
  config.output_dir = "out";
  config.storybook_emphasis = {"cat"};
  check_train_config(config, kDiffusion);
  config.dataset = "folder";
  config.train_data_dir = "pictures";
  EXPECT_EQ(message_of([&] { check_train_config(config, kDiffusion); }),
            "[train] storybook_emphasis is given; dataset must be storybook, not folder");
}

TEST(TrainConfig, DocumentationIsTheTable) {
  std::ifstream file(test::source_path("docs/training-parameters.md"));
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, train_parameters_markdown()) << "easel train parameters --markdown > docs/training-parameters.md";
}

// The configurations that are kept beside the default model are those of this table.
TEST(TrainConfig, TheDefaultModelsConfigurationsAreRead) {
  const std::filesystem::path folder = test::source_path("models/storybook/training");
  for (const auto& [file, trainer] : {std::pair{"tokenizer.json", TrainerKind::tokenizer},
                                      {"autoencoder.json", TrainerKind::autoencoder},
                                      {"autoencoder-third-stage.json", TrainerKind::autoencoder},
                                      {"text-to-image.json", TrainerKind::text_to_image},
                                      {"text-to-image-third-stage.json", TrainerKind::text_to_image},
                                      {"clip.json", TrainerKind::clip},
                                      {"scorer.json", TrainerKind::scorer}}) {
    const TrainConfig config = read_train_config(folder / file, trainer);
    check_train_config(config, trainer);
    EXPECT_EQ(config.dataset, "storybook") << file;
  }
}

}  // namespace
}  // namespace easel
