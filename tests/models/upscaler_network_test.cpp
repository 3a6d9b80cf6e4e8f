#include "models/upscalers/upscaler_network.h"

#include <gtest/gtest.h>

#include <regex>

#include "easel/error.h"
#include "models/layers/weight_source.h"
#include "models/upscalers/upscaler_layers.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

using Tensors = std::map<std::string, Tensor>;

Tensor random_tensor(const std::string& name, const Shape& shape) {
  return RandomWeights(3, DType::f32).get(name, shape);
}

void add_conv(Tensors& tensors, const std::string& name, int64_t in, int64_t out, int64_t side = 3) {
  tensors[name + ".weight"] = random_tensor(name + ".weight", {out, in, side, side});
  tensors[name + ".bias"] = random_tensor(name + ".bias", {out});
}

// With BasicSR's names; two blocks of 6 features that grow by 4.
Tensors rrdbnet(int64_t in_channels, int num_upsamplings) {
  Tensors tensors;
  add_conv(tensors, "conv_first", in_channels, 6);
  for (int i = 0; i < 2; ++i)
    for (int j = 1; j <= 3; ++j)
      for (int k = 1; k <= 5; ++k)
        add_conv(tensors, "body." + std::to_string(i) + ".rdb" + std::to_string(j) + ".conv" + std::to_string(k),
                 6 + 4 * (k - 1), k == 5 ? 6 : 4);
  for (const char* name : {"conv_body", "conv_hr"}) add_conv(tensors, name, 6, 6);
  for (int i = 1; i <= num_upsamplings; ++i) add_conv(tensors, "conv_up" + std::to_string(i), 6, 6);
  add_conv(tensors, "conv_last", 6, 3);
  return tensors;
}

Tensors renamed(const Tensors& tensors, const std::vector<std::pair<std::string, std::string>>& rules) {
  Tensors result;
  for (const auto& [name, tensor] : tensors) {
    std::string other = name;
    for (const auto& [from, to] : rules) other = std::regex_replace(other, std::regex(from), to);
    result[other] = tensor;
  }
  return result;
}

Tensor enlarged(const Tensors& tensors, const std::map<std::string, std::string>& metadata = {}) {
  return (*make_upscaler_network(tensors, metadata, "file"))(random_tensor("image", {1, 8, 12, 3}));
}

std::string error_of(const Tensors& tensors) {
  try {
    enlarged(tensors);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(RrdbNet, AllThreeSetsOfNamesAreOneNetwork) {
  const Tensors current = rrdbnet(3, 2);
  const Tensor expected = enlarged(current);
  EXPECT_EQ(expected.shape(), (Shape{1, 32, 48, 3}));
  const Tensors first = renamed(current, {{R"(body\.(\d)\.rdb(\d)\.conv(\d))", "model.1.sub.$1.RDB$2.conv$3.0"},
                                          {"conv_first", "model.0"},
                                          {"conv_body", "model.1.sub.2"},
                                          {"conv_up1", "model.3"},
                                          {"conv_up2", "model.6"},
                                          {"conv_hr", "model.8"},
                                          {"conv_last", "model.10"}});
  EXPECT_TRUE(tensors_identical(enlarged(first), expected));
  const Tensors second = renamed(current, {{R"(body\.(\d)\.rdb(\d))", "RRDB_trunk.$1.RDB$2"},
                                           {"conv_body", "trunk_conv"},
                                           {"conv_up", "upconv"},
                                           {"conv_hr", "HRconv"}});
  EXPECT_TRUE(tensors_identical(enlarged(second), expected));
  EXPECT_TRUE(tensors_identical(enlarged(renamed(current, {{"^", "params_ema."}})), expected));
}

TEST(RrdbNet, TheScaleFollowsFromItsLayers) {
  const auto scale_of = [](const Tensors& tensors) { return make_upscaler_network(tensors, {}, "file")->scale(); };
  EXPECT_EQ(scale_of(rrdbnet(3, 1)), 2);
  EXPECT_EQ(scale_of(rrdbnet(3, 3)), 8);
  EXPECT_EQ(scale_of(rrdbnet(12, 2)), 2);
  EXPECT_EQ(scale_of(rrdbnet(48, 2)), 1);
  EXPECT_EQ(enlarged(rrdbnet(12, 2)).shape(), (Shape{1, 16, 24, 3}));
}

// Without anything in its layers a compact network gives the nearest pixels.
TEST(Srvgg, AddsItsPixelsToTheNearestOnes) {
  Tensors tensors = {{"body.0.weight", Tensor::zeros({4, 3, 3, 3})},
                     {"body.0.bias", Tensor::zeros({4})},
                     {"body.1.weight", random_tensor("slopes", {4})},
                     {"body.2.weight", Tensor::zeros({12, 4, 3, 3})},
                     {"body.2.bias", Tensor::zeros({12})}};
  const Tensor image = random_tensor("image", {1, 8, 12, 3});
  EXPECT_TRUE(tensors_identical(enlarged(tensors), upsample_nearest(image, 16, 24)));
  // Of the twelve channels the sixth is green's lower right pixel: three channels of 2x2.
  tensors["body.2.bias"].f32()[7] = 0.5f;
  const Tensor shifted = enlarged(tensors);
  for (const auto& [y, x, channel] : {std::tuple{1, 1, 1}, {3, 5, 1}, {0, 1, 1}, {1, 1, 0}}) {
    const float change = shifted.f32()[(y * 24 + x) * 3 + channel] - image.f32()[(y / 2 * 12 + x / 2) * 3 + channel];
    EXPECT_FLOAT_EQ(change, y % 2 == 1 && x % 2 == 1 && channel == 1 ? 0.5f : 0.0f) << y << x << channel;
  }
}

TEST(Srvgg, NegativeValuesAreMultipliedByTheirChannelsSlope) {
  Tensors tensors;
  add_conv(tensors, "body.0", 3, 4);
  tensors["body.1.weight"] = Tensor::from({4}, std::vector<float>{0.1f, 0.25f, 0, 1});
  add_conv(tensors, "body.2", 4, 3);
  const Tensor image = random_tensor("image", {1, 8, 12, 3});
  Tensor maps = conv2d(image, tensors["body.0.weight"], tensors["body.0.bias"], {.padding = Padding::all(1)});
  for (int64_t i = 0; i < maps.numel(); ++i)
    if (maps.f32()[i] < 0) maps.f32()[i] *= tensors["body.1.weight"].f32()[i % 4];
  const Tensor last = conv2d(maps, tensors["body.2.weight"], tensors["body.2.bias"], {.padding = Padding::all(1)});
  EXPECT_TRUE(tensors_near(enlarged(tensors), add(last, image), 1e-5, 1e-5));
}

TEST(PixelShuffle, TurnsBackAndKnowsBothOrders) {
  const Tensor x = random_tensor("x", {2, 3, 5, 12});
  EXPECT_TRUE(tensors_identical(pixel_unshuffle(pixel_shuffle(x, 2, true), 2), x));
  const Tensor line = Tensor::from({1, 1, 1, 8}, std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7});
  EXPECT_TRUE(tensors_identical(pixel_shuffle(line, 2, false),
                                Tensor::from({1, 2, 2, 2}, std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7})));
  EXPECT_TRUE(tensors_identical(pixel_shuffle(line, 2, true),
                                Tensor::from({1, 2, 2, 2}, std::vector<float>{0, 4, 1, 5, 2, 6, 3, 7})));
}

TEST(UpscalerNetwork, OtherFilesAreRefused) {
  EXPECT_NE(error_of({{"weight", Tensor::zeros({1})}}).find("no network that enlarges"), std::string::npos);
  Tensors cut = rrdbnet(3, 2);
  cut.erase("conv_hr.bias");
  EXPECT_NE(error_of(cut).find("conv_hr.bias"), std::string::npos) << error_of(cut);
  Tensors shapes = rrdbnet(3, 2);
  shapes["conv_body.weight"] = Tensor::zeros({6, 6});
  EXPECT_NE(error_of(shapes).find("conv_body.weight is no convolution"), std::string::npos) << error_of(shapes);
  EXPECT_NE(error_of(rrdbnet(5, 2)).find("must be 3"), std::string::npos);
}

}  // namespace
}  // namespace easel
