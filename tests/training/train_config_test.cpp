#include "training/train_config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

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

TEST(TrainConfig, JsonRoundTripsForEveryParameter) {
  TrainConfig config;
  config.sample_prompts = {"a red cat", "two \"blue\" boats, pixel art"};
  config.unet.text = R"({"block_out_channels":[32,64]})";
  config.learning_rate = 0.1;
  config.use_ema = true;
  const TrainConfig again = train_config_from_json(train_config_to_json(config, kDiffusion), kDiffusion);
  for (const TrainParameter& parameter : train_parameter_table())
    EXPECT_EQ(get_train_parameter(again, parameter), get_train_parameter(config, parameter)) << parameter.name;
}

TEST(TrainConfig, TextFormsRoundTripForEveryParameter) {
  TrainConfig config;
  config.sample_prompts = {"a red cat", "two boats"};
  config.vae.text = R"({"latent_channels":4})";
  for (const TrainParameter& parameter : train_parameter_table())
    for (const TrainerKind trainer :
         {TrainerKind::tokenizer, TrainerKind::autoencoder, kDiffusion, TrainerKind::clip, TrainerKind::scorer}) {
      if (!parameter.used_by(trainer)) continue;
      TrainConfig set;
      set_train_parameter(set, trainer, parameter.name, get_train_parameter(config, parameter));
      EXPECT_EQ(get_train_parameter(set, parameter), get_train_parameter(config, parameter)) << parameter.name;
    }
}

TEST(TrainConfig, UnknownNameIsRefusedWithTheNearestOne) {
  TrainConfig config;
  EXPECT_EQ(message_of([&] { set_train_parameter(config, kDiffusion, "learning_rat", "1"); }),
            "[train] unknown parameter 'learning_rat'; did you mean learning_rate?");
  EXPECT_EQ(message_of([&] { train_config_from_json(R"({"max_steps": 5})", kDiffusion); }),
            "[train] unknown parameter 'max_steps'; did you mean sample_steps?");
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
            "[train] lr_schedule = 'cosin'; must be one of: constant, constant_with_warmup, linear, cosine");
  EXPECT_EQ(set("learning_rate", "nan"), "[train] learning_rate = nan; must be 0..10");
  EXPECT_EQ(config.train_batch_size, TrainConfig{}.train_batch_size) << "a refused value must change nothing";
}

}  // namespace
}  // namespace easel
