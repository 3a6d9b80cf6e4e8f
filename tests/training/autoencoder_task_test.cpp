// The autoencoder's losses beyond reconstruction: when they count, and for which weights.
#include "training/tasks/autoencoder_task.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "datasets/numbered_pictures.h"
#include "easel/error.h"
#include "ops/autograd.h"
#include "ops/ops.h"
#include "pipelines/device.h"
#include "temporary_folder.h"
#include "tensor_matchers.h"
#include "training/losses/losses.h"
#include "training/tiny_image_tower.h"

namespace easel {
namespace {

constexpr const char* kDecoderWeight = "vae.decoder.conv_out.weight";

AutoencoderTaskOptions tiny_options() {
  return {.vae = {{"block_out_channels", {8, 8}},
                  {"layers_per_block", 1},
                  {"norm_num_groups", 4},
                  {"down_block_types", {"DownEncoderBlock2D", "DownEncoderBlock2D"}},
                  {"up_block_types", {"UpDecoderBlock2D", "UpDecoderBlock2D"}}},
          .resolution = 16,
          .gradient_accumulation_steps = 2};
}

class AutoencoderTaskTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
    select_device("torch:cpu");
  }
  std::unique_ptr<BatchLoader> loader_of(const AutoencoderTaskOptions& options) {
    return make_batch_loader(pictures_, {.resolution = options.resolution, .batches = {.batch_size = 2}}, report_);
  }
  // Of a decoder's weight, from the loss of group 0.
  Tensor gradient(const AutoencoderTaskOptions& options, int64_t batch) {
    const auto loader = loader_of(options);
    AutoencoderTask task(options, *loader);
    autograd().backward(task.loss(batch, 0).total);
    return to_host(autograd().gradient(task.parameter_groups()[0].at(kDecoderWeight)));
  }
  std::string refusal(const AutoencoderTaskOptions& options) {
    const auto loader = loader_of(options);
    try {
      AutoencoderTask(options, *loader);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  }

  test::NumberedPictures pictures_{6, {}};
  DatasetReport report_;
  test::TemporaryFolder folder_;
};

TEST_F(AutoencoderTaskTest, AdversarialTermCountsFromItsFirstStepOn) {
  const AutoencoderTaskOptions plain = tiny_options();
  AutoencoderTaskOptions adversarial = plain;
  adversarial.loss.adversarial_weight = 1;
  adversarial.loss.adversarial_start = 2;  // batches 4, 5, …: two make a step
  EXPECT_TRUE(tensors_identical(gradient(adversarial, 3), gradient(plain, 3)));
  EXPECT_FALSE(tensors_near(gradient(adversarial, 4), gradient(plain, 4), 1e-3, 1e-6));
  const auto loader = loader_of(adversarial);
  AutoencoderTask task(adversarial, *loader);
  EXPECT_EQ(task.first_step(0), 0);
  EXPECT_EQ(task.first_step(1), 2);
}

TEST_F(AutoencoderTaskTest, DiscriminatorLearnsWithoutTheAutoencoder) {
  AutoencoderTaskOptions options = tiny_options();
  options.loss.adversarial_weight = 1;
  const auto loader = loader_of(options);
  AutoencoderTask task(options, *loader);
  const std::vector<NamedTensors> groups = task.parameter_groups();
  ASSERT_EQ(groups.size(), 2u);
  autograd().backward(task.loss(0, 1).total);
  for (const auto& [name, leaf] : groups[0]) EXPECT_FALSE(autograd().gradient(leaf).defined()) << name;
  for (const auto& [name, leaf] : groups[1]) {
    EXPECT_TRUE(name.starts_with("discriminator.")) << name;
    // While no logit is beyond 1, what pictures pull the last bias up by, reconstructions push it down by.
    if (name == "discriminator.conv_out.bias") continue;
    EXPECT_GT(autograd().gradient_norm({leaf}), 0) << name;
  }
}

TEST_F(AutoencoderTaskTest, PerceptualTermCounts) {
  test::write_tiny_image_tower(folder_.path(), nlohmann::json::object());
  const AutoencoderTaskOptions plain = tiny_options();
  AutoencoderTaskOptions perceptual = plain;
  perceptual.loss.perceptual_weight = 1;
  perceptual.loss.perceptual_model = folder_.path();
  EXPECT_FALSE(tensors_near(gradient(perceptual, 0), gradient(plain, 0), 1e-3, 1e-6));
}

TEST_F(AutoencoderTaskTest, SizesThatALossCannotTakeAreRefused) {
  test::write_tiny_image_tower(folder_.path(), nlohmann::json::object());
  AutoencoderTaskOptions options = tiny_options();
  options.resolution = 32;
  options.loss.perceptual_weight = 1;
  options.loss.perceptual_model = folder_.path();
  EXPECT_EQ(refusal(options), "[perceptual_model] pictures of 32x32 px; its tower takes image_size = 16 only");
  options = tiny_options();
  options.resolution = 8;
  options.loss.adversarial_weight = 1;
  EXPECT_EQ(refusal(options),
            "[adversarial_weight] pictures of 8x8 px; the discriminator takes sides of 16 px or more");
}

}  // namespace
}  // namespace easel
