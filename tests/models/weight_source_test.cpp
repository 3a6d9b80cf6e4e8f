#include "models/layers/weight_source.h"

#include <gtest/gtest.h>

#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

TEST(CheckpointWeights, MissingAndMisshapenTensorsAreNamed) {
  const std::map<std::string, Tensor> tensors{{"conv_in.weight", Tensor::zeros({4, 3, 3, 3})}};
  CheckpointWeights weights(tensors, "unet");
  EXPECT_EQ(weights.get("conv_in.weight", {4, 3, 3, 3}).shape(), (Shape{4, 3, 3, 3}));
  try {
    weights.get("conv_in.weight", {8, 3, 3, 3});
    FAIL() << "accepted another shape";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::CorruptFile);
    EXPECT_NE(std::string(error.what()).find("conv_in.weight has shape [4, 3, 3, 3]"), std::string::npos)
        << error.what();
  }
  try {
    weights.get("conv_in.bias", {4});
    FAIL() << "found a tensor that is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound);
  }
}

TEST(RandomWeights, DependOnSeedAndNameOnly) {
  RandomWeights first(1), again(1), other(2);
  again.get("another", {3, 3});
  const Shape shape{8, 16};
  EXPECT_EQ(first.get("w.weight", shape).to_vector(), again.get("w.weight", shape).to_vector());
  EXPECT_NE(first.get("w.weight", shape).to_vector(), first.get("v.weight", shape).to_vector());
  EXPECT_NE(first.get("w.weight", shape).to_vector(), other.get("w.weight", shape).to_vector());
}

TEST(RandomWeights, HaveTheVarianceOfTheirFanIn) {
  double sum = 0;
  const std::vector<float> values = RandomWeights(1, DType::f32).get("w.weight", {100, 400}).to_vector();
  for (const float value : values) sum += static_cast<double>(value) * value;
  EXPECT_NEAR(sum / static_cast<double>(values.size()), 0.49 / 400, 0.05 * 0.49 / 400);
}

}  // namespace
}  // namespace easel
