#include "training/losses/adversarial_loss.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "build_paths.h"
#include "ops/autograd.h"
#include "ops/ops.h"
#include "pipelines/device.h"
#include "tolerances.h"
#include "training/losses/losses.h"
#include "training/optimizer.h"

namespace easel {
namespace {

class AdversarialLossTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
    select_device("torch:cpu");
    pictures_ = RandomWeights(1, DType::f32).get("pictures", {4, 16, 24, 3});
    // What an autoencoder makes at first: blurred.
    reconstructions_ = Tensor::full(pictures_.shape(), 0.1f);
  }
  static Tensor on_torch(const Tensor& x) { return to_backend(x, BackendKind::torch); }

  Tensor pictures_, reconstructions_;
};

TEST_F(AdversarialLossTest, EqualsTheHingesOfItsLogits) {
  const AdversarialLoss loss(7);
  NamedTensors weights = component_of(loss.leaves(), "discriminator");
  for (auto& [name, tensor] : weights) tensor = to_host(tensor);
  CheckpointWeights source(weights, "discriminator");
  const PatchDiscriminator discriminator(source);
  const std::vector<float> real = discriminator(pictures_).to_vector();
  const std::vector<float> made = discriminator(reconstructions_).to_vector();
  double expected = 0, expected_generator = 0;
  for (size_t i = 0; i < real.size(); ++i) {
    const auto count = static_cast<double>(real.size());
    expected += (std::max(0.0f, 1 - real[i]) + std::max(0.0f, 1 + made[i])) / count;
    expected_generator -= made[i] / count;
  }
  EXPECT_NEAR(item(loss.discriminator_loss(on_torch(pictures_), on_torch(reconstructions_)).total), expected, 1e-4);
  EXPECT_NEAR(item(loss.generator_loss(on_torch(reconstructions_))), expected_generator, 1e-4);
}

TEST_F(AdversarialLossTest, DiscriminatorLearnsToTellPicturesFromReconstructions) {
  const AdversarialLoss loss(7);
  Optimizer optimizer(loss.leaves(), {});
  const auto losses = [&] { return loss.discriminator_loss(on_torch(pictures_), on_torch(reconstructions_)); };
  const double first = item(losses().total);
  for (int64_t step = 1; step <= 20; ++step) {
    autograd().backward(losses().total);
    optimizer.step(step, 1e-3);
  }
  const StepLoss last = losses();
  EXPECT_GT(first, 1.0);
  EXPECT_LT(item(last.total), first / 4);
  EXPECT_GT(item(last.terms[0].value), item(last.terms[1].value) + 1);
}

TEST_F(AdversarialLossTest, GeneratorIsToldWhereToGo) {
  const AdversarialLoss loss(7);
  const Tensor reconstructions = autograd().leaf(reconstructions_);
  const double before = item(loss.generator_loss(reconstructions));
  autograd().backward(loss.generator_loss(reconstructions));
  const Tensor gradient = to_host(autograd().gradient(reconstructions));
  const Tensor better = weighted_sum({{1.0, reconstructions_}, {-1.0, gradient}});
  EXPECT_LT(item(loss.generator_loss(on_torch(better))), before);
}

}  // namespace
}  // namespace easel
