#include "pipelines/text_to_image.h"

#include <gtest/gtest.h>

#include "easel/error.h"
#include "model_tools/random_model.h"
#include "temporary_folder.h"

namespace easel {
namespace {

class PicturesOfPrompts : public testing::Test {
 protected:
  void SetUp() override {
    write_random_model(folder_.path() / "tiny", {});
    model_ = std::make_unique<DiffusionModel>(load_diffusion_model(folder_.path() / "tiny", {}));
    parameters_.width = parameters_.height = 16;
    parameters_.num_inference_steps = 2;
    parameters_.seed = 5;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<DiffusionModel> model_;
  GenerationParameters parameters_;
};

TEST_F(PicturesOfPrompts, EachEqualsTheOneMadeAlone) {
  const std::vector<std::string> prompts{"a red cat", "two blue dogs on the beach", ""};
  const std::vector<Picture> together = text_to_image(*model_, {parameters_, prompts}, {}).pictures;
  ASSERT_EQ(together.size(), prompts.size());
  for (size_t i = 0; i < prompts.size(); ++i) {
    parameters_.prompt = prompts[i];
    parameters_.seed = 5 + static_cast<int64_t>(i);
    EXPECT_EQ(together[i].pixels, text_to_image(*model_, {parameters_, {}}, {}).pictures.front().pixels) << prompts[i];
  }
}

TEST_F(PicturesOfPrompts, LengthsThatDoNotShareABatchAreRefused) {
  const std::vector<std::string> prompts{"a cat", std::string(200, 'a')};
  EXPECT_THROW(text_to_image(*model_, {parameters_, prompts}, {}), Error);
}

TEST(Pipeline, StopsBetweenOperationsWhereItsTokenIsRequested) {
  const test::TemporaryFolder folder;
  write_random_model(folder.path() / "tiny", {});
  Pipeline pipeline = Pipeline::load(folder.path() / "tiny");
  GenerationCallbacks callbacks;
  int64_t last_step = 0;
  callbacks.on_progress = [&](const GenerationProgress& progress) {
    last_step = progress.step;
    if (last_step == 2) callbacks.cancel.request();
    return true;
  };
  GenerationParameters parameters;
  parameters.prompt = "a cat";
  parameters.width = parameters.height = 16;
  parameters.num_inference_steps = 5;
  try {
    pipeline.generate(parameters, callbacks);
    ADD_FAILURE() << "it came to its end";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled);
  }
  EXPECT_EQ(last_step, 2);
  EXPECT_EQ(pipeline.generate(parameters, {}).size(), 1u);  // the next run is not concerned
}

}  // namespace
}  // namespace easel
