// Gradients as training code sees them: through autograd.h, without LibTorch's headers.
#include "ops/autograd.h"

#include <gtest/gtest.h>

#include <cmath>

#include "easel/error.h"
#include "models/layers/resnet_block.h"
#include "models/layers/transformer_block.h"
#include "ops/op_observer.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "ops/torch_plugin.h"
#include "tensor/cancellation_scope.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

class AutogradTest : public testing::Test {
 protected:
  void SetUp() override { load_torch_backend({.kind = DeviceKind::torch_cpu}); }
  void TearDown() override { set_gradient_checkpointing(false); }
};

Tensor on_torch(const Tensor& x) { return to_backend(x, BackendKind::torch); }

// Leaves with random values, remembered by name.
class LeafWeights final : public WeightSource {
 public:
  Tensor get(const std::string& name, const Shape& shape) override {
    const Tensor values = RandomWeights(1, DType::f32).get(name, shape);
    return leaves[name] = autograd().leaf(values);
  }
  bool has(const std::string&) const override { return true; }

  std::map<std::string, Tensor> leaves;
};

// The gradients of mean(y^2) for every leaf, and for x.
std::map<std::string, Tensor> gradients(const LeafWeights& weights, const Tensor& x, const Tensor& y) {
  autograd().backward(row_means(reshape(multiply(y, y), {1, y.numel()})));
  std::map<std::string, Tensor> collected{{"x", to_host(autograd().gradient(x))}};
  autograd().clear_gradient(x);
  for (const auto& [name, leaf] : weights.leaves) {
    collected.emplace(name, to_host(autograd().gradient(leaf)));
    autograd().clear_gradient(leaf);
    EXPECT_FALSE(autograd().gradient(leaf).defined());
  }
  return collected;
}

TEST_F(AutogradTest, CheckpointedBlocksHaveTheSameGradients) {
  LeafWeights weights;
  const WeightScope scope(weights);
  const ResnetBlock2D resnet(scope / "resnet",
                             {.in_channels = 8, .out_channels = 16, .temb_channels = 4, .norm_num_groups = 4});
  TransformerConfig config;
  config.channels = 16;
  config.cross_attention_dim = 6;
  config.num_attention_heads = 2;
  const BasicTransformerBlock block(scope / "block", config);
  const Tensor x = autograd().leaf(random_tensor({2, 4, 4, 8}, 1));
  const Tensor temb = on_torch(random_tensor({2, 4}, 2)), context = on_torch(random_tensor({2, 5, 6}, 3));
  const auto forward = [&] { return block(reshape(resnet(x, temb), {2, 16, 16}), context); };

  const auto kept = gradients(weights, x, forward());
  set_gradient_checkpointing(true);
  const auto recomputed = gradients(weights, x, forward());
  ASSERT_EQ(kept.size(), recomputed.size());
  for (const auto& [name, gradient] : kept)
    EXPECT_TRUE(tensors_near(recomputed.at(name), gradient, 1e-5, 1e-6)) << name;
}

// Our gradients run in LibTorch's engine, and so do blocks that are computed again: Cancelled must come through both.
TEST_F(AutogradTest, CancelledBackwardThrowsCancelled) {
  LeafWeights weights;
  const ResnetBlock2D resnet(WeightScope(weights) / "resnet",
                             {.in_channels = 8, .out_channels = 8, .temb_channels = 4, .norm_num_groups = 4});
  const Tensor x = autograd().leaf(random_tensor({1, 4, 4, 8}, 1)), temb = on_torch(random_tensor({1, 4}, 2));
  for (const bool recomputed : {false, true}) {
    set_gradient_checkpointing(recomputed);
    const Tensor y = resnet(x, temb), loss = row_means(reshape(multiply(y, y), {1, y.numel()}));
    const CancellationToken token;
    const ScopedCancellation scope(token);
    const ScopedOpObserver observer([&](const OpRecord& record) {
      if (record.op == "conv2d_grad_weight") token.request();
    });
    try {
      autograd().backward(loss);
      ADD_FAILURE() << "it came to its end";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Cancelled) << error.what();
    }
  }
}

TEST_F(AutogradTest, NothingIsRecordedWithinNoGradient) {
  const Tensor leaf = autograd().leaf(Tensor::full({3}, 2.0f));
  {
    const NoGradient unrecorded;
    EXPECT_FALSE(autograd().recording());
    EXPECT_THROW(autograd().backward(row_means(reshape(leaf, {1, 3}))), Error);
  }
  autograd().backward(row_means(reshape(leaf, {1, 3})));
  EXPECT_FLOAT_EQ(to_host(autograd().gradient(leaf)).f32()[0], 1.0f / 3);
}

TEST_F(AutogradTest, GradientNormIsThatOfAllLeavesTogether) {
  const Tensor a = autograd().leaf(Tensor::full({1}, 3.0f)), b = autograd().leaf(Tensor::full({1}, 4.0f));
  autograd().backward(weighted_sum({{0.5, multiply(a, a)}, {0.5, multiply(b, b)}}));  // gradients 3 and 4
  EXPECT_NEAR(autograd().gradient_norm({a, b}), 5.0, 1e-6);
}

// One step by hand: m = (1 - beta1) g, v = (1 - beta2) g^2, both corrected, so the step is the learning rate.
TEST_F(AutogradTest, FirstAdamWStepIsTheLearningRateAndTheDecay) {
  const Tensor weight = autograd().leaf(Tensor::full({2}, 10.0f));
  const Tensor m = on_torch(Tensor::zeros({2})), v = on_torch(Tensor::zeros({2}));
  autograd().backward(row_means(reshape(weight, {1, 2})));
  autograd().adamw_step(weight, m, v, {.learning_rate = 0.1, .epsilon = 0, .weight_decay = 0.5, .step = 1});
  EXPECT_NEAR(to_host(weight).f32()[0], 10 * (1 - 0.1 * 0.5) - 0.1, 1e-5);
}

}  // namespace
}  // namespace easel
