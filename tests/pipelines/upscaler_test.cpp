#include "easel/upscaler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_paths.h"
#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "models/layers/weight_source.h"
#include "pictures/picture_difference.h"
#include "pictures/picture_file.h"
#include "temporary_folder.h"

namespace easel {
namespace {

using testing::HasSubstr;

Picture photograph() { return read_picture(test::source_path("tests/pipelines/data/photograph_24.png")); }

// A compact network of factor 2 whose layers reach 3 pixels far.
std::string small_network(const test::TemporaryFolder& folder) {
  RandomWeights weights(3, DType::f32);
  TensorFile file;
  for (const auto& [name, shape] : std::vector<std::pair<std::string, Shape>>{{"body.0.weight", {8, 3, 3, 3}},
                                                                              {"body.0.bias", {8}},
                                                                              {"body.1.weight", {8}},
                                                                              {"body.2.weight", {8, 8, 3, 3}},
                                                                              {"body.2.bias", {8}},
                                                                              {"body.3.weight", {8}},
                                                                              {"body.4.weight", {12, 8, 3, 3}},
                                                                              {"body.4.bias", {12}}})
    file.tensors[name] = weights.get(name, shape);
  write_safetensors(folder / "small.safetensors", file);
  return folder / "small.safetensors";
}

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Upscaler, APublishedNetworkGivesWhatItsOwnRuntimeDoes) {
  try {
    const Upscaler upscaler = Upscaler::load("esrgan-slim");
    const Picture expected = read_picture(test::source_path("tests/pipelines/data/photograph_24_esrgan_slim_x4.png"));
    EXPECT_LE(picture_difference(upscaler.upscale(photograph(), 4), expected).most, 1);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound) throw;
    GTEST_SKIP() << error.what();
  }
}

TEST(Upscaler, PartsMeetWithoutASeam) {
  const test::TemporaryFolder folder;
  const Upscaler upscaler = Upscaler::load(small_network(folder));
  const Picture picture = Upscaler::load("bicubic").upscale(photograph(), 4);
  const Picture whole = upscaler.upscale(picture, 2, {.tile_px = 0});
  int64_t parts = 0;
  const Picture tiled = upscaler.upscale(
      picture, 2, {.tile_px = 40, .overlap_px = 16, .on_progress = [&](int64_t, int64_t total) { parts = total; }});
  EXPECT_EQ(parts, 16);
  // Where parts reach farther than their overlap's middle both see the same pixels; elsewhere zeros outside a part
  // fade.
  EXPECT_LE(picture_difference(tiled, whole).most, 24);
  EXPECT_GT(picture_difference(tiled, whole).psnr_db, 45);
}

TEST(Upscaler, AnyScaleIsReached) {
  const test::TemporaryFolder folder;
  const Upscaler upscaler = Upscaler::load(small_network(folder));
  EXPECT_EQ(upscaler.kind(), "SRVGG");
  EXPECT_EQ(upscaler.own_scale(), 2);
  for (const double scale : {1.0, 1.5, 2.0, 3.0, 4.0}) {
    const Picture large = upscaler.upscale(photograph(), scale);
    EXPECT_EQ(large.width_px, static_cast<int>(24 * scale));
    EXPECT_EQ(large.height_px, static_cast<int>(24 * scale));
  }
}

TEST(Upscaler, TransparencyAndOddSizesStay) {
  const test::TemporaryFolder folder;
  const Picture clear{.width_px = 5, .height_px = 3, .channels = 4, .pixels = std::vector<uint8_t>(60, 128)};
  for (const std::string& name : {std::string("lanczos"), small_network(folder)}) {
    const Picture large = Upscaler::load(name).upscale(clear, 2);
    EXPECT_EQ(large.channels, 4);
    EXPECT_EQ(large.width_px, 10);
    EXPECT_EQ(large.pixels[3], 128);
  }
  const Picture one{.width_px = 1, .height_px = 1, .channels = 3, .pixels = {1, 2, 3}};
  EXPECT_EQ(Upscaler::load(small_network(folder)).upscale(one, 4).height_px, 4);
}

TEST(Upscaler, WhatIsWrongIsNamed) {
  const test::TemporaryFolder folder;
  EXPECT_THAT(error_of([] { Upscaler::load("esrgan-thin"); }), HasSubstr("no upscaler esrgan-thin"));
  folder.write("text.pth", "no tensors");
  EXPECT_THAT(error_of([&] { Upscaler::load(folder / "text.pth"); }), HasSubstr("text.pth"));
  const Upscaler upscaler = Upscaler::load("lanczos");
  EXPECT_THAT(error_of([&] { upscaler.upscale(photograph(), 0.5); }), HasSubstr("scale = 0.5; must be 1..16"));
  EXPECT_THAT(error_of([&] { upscaler.upscale(photograph(), 2, {.tile_px = 3}); }), HasSubstr("part size 3"));
  const Picture wide{.width_px = 2000, .height_px = 1, .channels = 3, .pixels = std::vector<uint8_t>(6000)};
  EXPECT_THAT(error_of([&] { upscaler.upscale(wide, 16); }), HasSubstr("32000x16 pixels; at most 16384"));
}

}  // namespace
}  // namespace easel
