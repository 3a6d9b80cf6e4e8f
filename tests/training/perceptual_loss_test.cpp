#include "training/losses/perceptual_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "checkpoints/tensor_file.h"
#include "ops/autograd.h"
#include "pipelines/device.h"
#include "temporary_folder.h"
#include "training/losses/losses.h"
#include "training/tiny_image_tower.h"

namespace easel {
namespace {

constexpr float kMean[] = {0.4f, 0.5f, 0.6f}, kStd[] = {0.2f, 0.25f, 0.3f};

class PerceptualLossTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
    select_device("torch:cpu");
    test::write_tiny_image_tower(folder_.path(), {{"image_mean", kMean}, {"image_std", kStd}});
    pictures_ = RandomWeights(1, DType::f32).get("pictures", {2, 16, 16, 3});
    reconstructions_ = RandomWeights(2, DType::f32).get("reconstructions", {2, 16, 16, 3});
  }
  static Tensor on_torch(const Tensor& x) { return to_backend(x, BackendKind::torch); }

  // The tower's hidden states of pictures in [-1, 1], on the host.
  std::vector<Tensor> hidden_states(const Tensor& pictures) const {
    const TensorFile file = read_safetensors(folder_.path() / "model.safetensors");
    CheckpointWeights weights(file.tensors, "tower");
    ClipVisionConfig config;
    config.encoder = {.hidden_size = 8, .intermediate_size = 12, .num_hidden_layers = 2, .num_attention_heads = 2};
    config.image_size = 16;
    config.patch_size = 8;
    config.with_projection = false;
    const Tensor normalised = pictures.clone();
    for (int64_t i = 0; i < normalised.numel(); ++i)
      normalised.f32()[i] = ((normalised.f32()[i] + 1) / 2 - kMean[i % 3]) / kStd[i % 3];
    return ClipVisionModel(config, weights).hidden_states(normalised);
  }

  test::TemporaryFolder folder_;
  Tensor pictures_, reconstructions_;
};

// Squared distance between the directions of two tokens.
double distance(const float* a, const float* b, int64_t channels) {
  double dot = 0, a_squared = 0, b_squared = 0;
  for (int64_t c = 0; c < channels; ++c) {
    dot += static_cast<double>(a[c]) * b[c];
    a_squared += static_cast<double>(a[c]) * a[c];
    b_squared += static_cast<double>(b[c]) * b[c];
  }
  return 2 - 2 * dot / std::sqrt(a_squared * b_squared);
}

TEST_F(PerceptualLossTest, EqualsItsDefinition) {
  const std::vector<Tensor> a = hidden_states(pictures_), b = hidden_states(reconstructions_);
  double expected = 0;
  for (const size_t layer : {1, 2})
    for (int64_t token = 0; token < 2 * 5; ++token)
      expected += distance(a[layer].f32() + token * 8, b[layer].f32() + token * 8, 8) / (2 * 2 * 5);
  const PerceptualLoss loss = PerceptualLoss::load(folder_.path());
  EXPECT_GT(expected, 0.01);
  EXPECT_NEAR(item(loss(on_torch(pictures_), on_torch(reconstructions_))), expected, 1e-5);
  EXPECT_EQ(item(loss(on_torch(pictures_), on_torch(pictures_))), 0);
}

TEST_F(PerceptualLossTest, ReconstructionIsToldWhereToGo) {
  const PerceptualLoss loss = PerceptualLoss::load(folder_.path());
  const Tensor pictures = on_torch(pictures_), reconstructions = autograd().leaf(reconstructions_);
  const Tensor before = loss(pictures, reconstructions);
  autograd().backward(before);
  const Tensor gradient = to_host(autograd().gradient(reconstructions));
  const Tensor better = weighted_sum({{1.0, reconstructions_}, {-0.1, gradient}});
  EXPECT_LT(item(loss(pictures, on_torch(better))), item(before));
  EXPECT_FALSE(autograd().gradient(pictures).defined());
}

}  // namespace
}  // namespace easel
