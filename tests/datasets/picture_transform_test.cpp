#include "datasets/picture_transform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

namespace easel {
namespace {

Picture picture_of(int width, int height, const std::function<int(int x, int y, int c)>& value, int channels = 3) {
  Picture picture{width, height, channels, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) picture.pixels.push_back(static_cast<uint8_t>(value(x, y, c)));
  return picture;
}

std::vector<float> cropped(const Picture& picture, PictureSize size, const CropChoice& crop = {}) {
  std::vector<float> values(static_cast<size_t>(size.width_px * size.height_px * 3), NAN);
  crop_to_values(picture, size, crop, values.data());
  return values;
}

TEST(CropToValues, SameSizeKeepsEveryValue) {
  const Picture picture = picture_of(5, 4, [](int x, int y, int c) { return 50 * x + 10 * y + c; });
  const auto values = cropped(picture, {5, 4});
  for (size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], picture.pixels[i] / 127.5 - 1, 2e-6) << i;
}

TEST(CropToValues, EvenColourStaysEvenAtAnySize) {
  for (const PictureSize from : {PictureSize{7, 3}, PictureSize{100, 41}, PictureSize{1, 1}}) {
    const Picture picture = picture_of(from.width_px, from.height_px, [](int, int, int c) { return 40 * c + 60; });
    const auto values = cropped(picture, {16, 24});
    for (size_t i = 0; i < values.size(); ++i)
      ASSERT_NEAR(values[i], (40.0 * static_cast<double>(i % 3) + 60) / 127.5 - 1, 1e-5) << from.width_px;
  }
}

// Means over 8 x 8 areas of a ramp lie on the ramp; the filter is symmetric, so away from the border it keeps them.
TEST(CropToValues, RampStaysARampWhenShrunk) {
  const Picture picture = picture_of(256, 256, [](int x, int, int) { return x; });
  const auto values = cropped(picture, {32, 32});
  for (int x = 3; x < 29; ++x) EXPECT_NEAR((values[static_cast<size_t>(3 * x)] + 1) * 127.5, 8 * x + 3.5, 1e-3) << x;
}

// A pattern finer than the result can show must vanish instead of turning into a coarser one.
TEST(CropToValues, FinePatternDoesNotAliasWhenShrunk) {
  const Picture picture = picture_of(300, 300, [](int x, int y, int) { return (x + y) % 2 * 255; });
  for (const float value : cropped(picture, {64, 64})) ASSERT_NEAR(value, 0.0f, 0.03f);
}

TEST(CropToValues, CropChoosesTheSideAndFlipMirrors) {
  const Picture picture = picture_of(30, 10, [](int x, int, int) { return x < 10 ? 0 : x < 20 ? 100 : 200; });
  const auto first = [&](const CropChoice& crop) { return (cropped(picture, {10, 10}, crop)[3 * 4] + 1) * 127.5; };
  EXPECT_NEAR(first({.x = 0}), 0, 1e-4);
  EXPECT_NEAR(first({}), 100, 1e-4);
  EXPECT_NEAR(first({.x = 1}), 200, 1e-4);
  const auto straight = cropped(picture, {20, 10}, {.x = 0});
  const auto mirrored = cropped(picture, {20, 10}, {.x = 0, .flip = true});
  for (size_t x = 0; x < 20; ++x) EXPECT_EQ(straight[3 * x], mirrored[3 * (19 - x)]) << x;
}

TEST(CropToValues, ShorterSideDecidesTheScale) {
  // Three bands of 20 rows: only the middle one remains of a tall picture's middle.
  const Picture tall = picture_of(20, 60, [](int, int y, int) { return y / 20 * 100; });
  const auto values = cropped(tall, {20, 20});
  for (const float value : values) ASSERT_NEAR((value + 1) * 127.5, 100, 1e-3);
}

TEST(CropToValues, TransparentPartsLieOnWhiteAndGreyBecomesRgb) {
  const Picture clear = picture_of(
      2, 2, [](int, int, int c) { return c == 3 ? 0 : 10; }, 4);
  for (const float value : cropped(clear, {2, 2})) EXPECT_NEAR(value, 1.0f, 1e-6f);
  const Picture grey = picture_of(
      2, 2, [](int, int, int) { return 51; }, 1);
  for (const float value : cropped(grey, {2, 2})) EXPECT_NEAR(value, 51 / 127.5 - 1, 1e-6);
}

}  // namespace
}  // namespace easel
