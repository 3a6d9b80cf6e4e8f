#include "models/unet/unet.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "model_tools/network_shapes.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

UNet2DConditionModel tiny_unet() {
  RandomWeights weights(5);
  return UNet2DConditionModel(UNetConfig::from_json(network_shape("tiny").unet), weights);
}

UNetInputs inputs_of_size(int64_t n, int64_t height, int64_t width) {
  RandomWeights values(9, DType::f32);
  UNetInputs inputs;
  inputs.sample = values.get("sample", {n, height, width, 4});
  inputs.timesteps.assign(static_cast<size_t>(n), 321.0f);
  inputs.encoder_hidden_states = values.get("text", {n, 77, 64});
  return inputs;
}

TEST(UNet, OddSizesKeepTheirSize) { EXPECT_EQ(tiny_unet()(inputs_of_size(1, 7, 5)).shape(), (Shape{1, 7, 5, 4})); }

TEST(UNet, SameBitsOnOneAndTwoThreads) {
  const UNet2DConditionModel unet = tiny_unet();
  const UNetInputs inputs = inputs_of_size(2, 16, 12);
  const int before = thread_count();
  set_thread_count(1);
  const std::vector<float> one = unet(inputs).to_vector();
  set_thread_count(2);
  const std::vector<float> two = unet(inputs).to_vector();
  set_thread_count(before);
  EXPECT_EQ(one, two);
}

TEST(UNet, SampleOfABatchEqualsTheSampleAlone) {
  const UNet2DConditionModel unet = tiny_unet();
  const UNetInputs both = inputs_of_size(2, 8, 8);
  UNetInputs second = both;
  second.sample = both.sample.rows(1, 2);
  second.timesteps = {321.0f};
  second.encoder_hidden_states = both.encoder_hidden_states.rows(1, 2);
  EXPECT_EQ(unet(both).rows(1, 2).to_vector(), unet(second).to_vector());
}

TEST(UNet, MissingOrWrongInputsAreNamed) {
  const UNet2DConditionModel unet = tiny_unet();
  UNetInputs inputs = inputs_of_size(1, 8, 8);
  inputs.encoder_hidden_states = Tensor::zeros({1, 77, 63});
  try {
    unet(inputs);
    FAIL() << "accepted a text of 63 channels";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    EXPECT_NE(std::string(error.what()).find("encoder_hidden_states"), std::string::npos) << error.what();
  }
  inputs = inputs_of_size(1, 8, 8);
  inputs.timesteps.clear();
  EXPECT_THROW(unet(inputs), Error);
}

TEST(UNet, ResidualsAreAddedToTheMapsOfTheEncoderHalf) {
  const UNet2DConditionModel unet = tiny_unet();
  RandomWeights weights(5);
  const UNetEncoderHalf half(unet.config(), WeightScope(weights));
  UNetInputs inputs = inputs_of_size(2, 8, 8);
  const std::vector<float> plain = unet(inputs).to_vector();
  const UNetEncoded encoded = half(inputs);
  inputs.residuals.mid = Tensor::zeros(encoded.hidden.shape());
  for (const Tensor& skip : encoded.skips) inputs.residuals.down.push_back(Tensor::zeros(skip.shape()));
  EXPECT_EQ(unet(inputs).to_vector(), plain);
  inputs.residuals.down.front() = encoded.skips.front();
  EXPECT_NE(unet(inputs).to_vector(), plain);
}

TEST(UNet, ResidualsThatDoNotFitAreNamed) {
  const UNet2DConditionModel unet = tiny_unet();
  UNetInputs inputs = inputs_of_size(1, 8, 8);
  const auto message = [&] {
    try {
      unet(inputs);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  inputs.residuals.mid = Tensor::zeros({1, 2, 2, 3});
  EXPECT_TRUE(message().starts_with("[unet] mid residual [1, 2, 2, 3]; must be [1, ")) << message();
  inputs.residuals = {.down = {Tensor::zeros({1})}, .mid = {}};
  EXPECT_TRUE(message().starts_with("[unet] 1 down residuals; must be ")) << message();
}

}  // namespace
}  // namespace easel
