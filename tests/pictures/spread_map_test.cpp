#include "pictures/spread_map.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

Picture two_pixels(uint8_t left, uint8_t right) {
  return {.width_px = 2, .height_px = 1, .channels = 3, .pixels = {left, left, left, right, right, right}};
}

TEST(SpreadMap, IsTheStandardDeviationOfEachPixel) {
  const PixelSpread spread =
      pixel_spread({two_pixels(10, 0), two_pixels(10, 200), two_pixels(10, 100), two_pixels(10, 100)});
  EXPECT_EQ(spread.deviations[0], 0);
  EXPECT_NEAR(spread.deviations[1], 70.7107, 1e-3);
  EXPECT_NEAR(spread.most, 70.7107, 1e-3);
  EXPECT_NEAR(spread.mean, 35.3553, 1e-3);
  EXPECT_EQ(spread.changing_share, 0.5);
}

TEST(SpreadMap, TheHeatMapIsBlackWhereNothingDiffersAndBrightestWhereMostDoes) {
  const Picture map = heat_map(pixel_spread({two_pixels(10, 0), two_pixels(10, 200)}));
  EXPECT_EQ(map.pixels, (std::vector<uint8_t>{0, 0, 0, 255, 250, 200}));
  EXPECT_EQ(heat_map(pixel_spread({two_pixels(1, 1), two_pixels(1, 1)})).pixels, std::vector<uint8_t>(6, 0));
}

TEST(SpreadMap, OnePictureOrDifferentSizesAreRefused) {
  EXPECT_THROW(pixel_spread({two_pixels(1, 2)}), Error);
  EXPECT_THROW(pixel_spread({two_pixels(1, 2), {.width_px = 1, .height_px = 1, .channels = 3, .pixels = {1, 2, 3}}}),
               Error);
}

}  // namespace
}  // namespace easel
