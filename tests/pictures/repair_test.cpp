// What noise reduction and restoration rest on.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pictures/damage_mask.h"
#include "pictures/picture_difference.h"
#include "pictures/wiener_filter.h"

namespace easel {
namespace {

// A slope with a disc on it.
Picture scene(int side) {
  Picture picture{.width_px = side, .height_px = side, .channels = 3, .pixels = {}};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const bool inside = std::hypot(x - side / 2, y - side / 2) < side / 4;
      for (const int value : {inside ? 170 : 90 + x / 4, inside ? 80 : 110, inside ? 70 : 120 + y / 4})
        picture.pixels.push_back(static_cast<uint8_t>(value));
    }
  return picture;
}

Picture with_noise(Picture picture, double sigma) {
  std::mt19937 engine(1);
  std::normal_distribution<double> normal(0, sigma);
  for (uint8_t& value : picture.pixels)
    value = static_cast<uint8_t>(std::lround(std::clamp(value + normal(engine), 0.0, 255.0)));
  return picture;
}

void set_pixel(Picture& picture, int x, int y, uint8_t value) {
  for (int c = 0; c < 3; ++c)
    picture.pixels[static_cast<size_t>((y * picture.width_px + x) * picture.channels + c)] = value;
}

int marked(const Picture& mask) { return static_cast<int>(std::count(mask.pixels.begin(), mask.pixels.end(), 255)); }

TEST(WienerFilter, TheNoiseIsEstimated) {
  for (const double sigma : {5.0, 15.0, 30.0})
    EXPECT_NEAR(estimated_noise(with_noise(scene(128), sigma)), sigma, 0.08 * sigma);
  EXPECT_LT(estimated_noise(scene(128)), 1);
  EXPECT_EQ(estimated_noise({.width_px = 1, .height_px = 1, .channels = 3, .pixels = {1, 2, 3}}), 0);
}

TEST(WienerFilter, AGoodGuessTakesTheNoiseOutAndABadOneDoesNoHarm) {
  const Picture clean = scene(96), noisy = with_noise(clean, 25);
  const auto psnr = [&](const Picture& picture) { return picture_difference(picture, clean).psnr_db; };
  EXPECT_LT(psnr(noisy), 21);
  EXPECT_GT(psnr(wiener_filtered(noisy, clean, 25)), 38);
  Picture grey = clean;
  std::fill(grey.pixels.begin(), grey.pixels.end(), uint8_t{128});
  EXPECT_GT(psnr(wiener_filtered(noisy, grey, 25)), psnr(noisy) + 7);
}

TEST(WienerFilter, WithoutNoiseThePictureStays) {
  const Picture clean = scene(40);
  EXPECT_LE(picture_difference(wiener_filtered(clean, clean, 0.01), clean).most, 1);
}

TEST(DamageMask, ScratchesAndHolesAreMarked) {
  Picture picture = scene(128);
  EXPECT_EQ(marked(damage_mask(picture)), 0);
  for (int i = 20; i < 100; ++i) {
    set_pixel(picture, i, 30 + i / 3, 250);
    set_pixel(picture, i, 31 + i / 3, 250);
  }
  for (int i = 10; i < 120; ++i) set_pixel(picture, 90, i, 5);
  for (int y = 70; y < 78; ++y)
    for (int x = 50; x < 58; ++x) set_pixel(picture, x, y, 255);
  const Picture mask = damage_mask(picture);
  const auto at = [&](int x, int y) { return mask.pixels[static_cast<size_t>(y * 128 + x)]; };
  for (const auto& [x, y] : {std::pair{40, 43}, {70, 53}, {90, 20}, {90, 100}, {53, 74}})
    EXPECT_EQ(at(x, y), 255) << x << " " << y;
  for (const auto& [x, y] : {std::pair{10, 10}, {64, 64}, {110, 110}}) EXPECT_EQ(at(x, y), 0) << x << " " << y;
  EXPECT_LT(marked(mask), 128 * 128 / 10);
}

TEST(DamageMask, WhatIsTransparentIsDamage) {
  Picture picture{.width_px = 20, .height_px = 20, .channels = 4, .pixels = std::vector<uint8_t>(1600, 128)};
  for (size_t i = 3; i < picture.pixels.size(); i += 4) picture.pixels[i] = 255;
  picture.pixels[(10 * 20 + 10) * 4 + 3] = 0;
  EXPECT_EQ(marked(damage_mask(picture)), 9);
}

TEST(DamageMask, AWhiteBackgroundIsNone) {
  Picture picture = scene(64);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 20; ++x) set_pixel(picture, x, y, 255);
  EXPECT_EQ(marked(damage_mask(picture)), 0);
}

}  // namespace
}  // namespace easel
