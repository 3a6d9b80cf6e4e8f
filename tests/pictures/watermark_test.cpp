#include "pictures/provenance/watermark.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pictures/picture_difference.h"
#include "pictures/picture_file.h"
#include "pictures/resampling.h"

namespace easel {
namespace {

constexpr uint64_t kMessage = 0x123456789abc;

// Sanitizers slow the detector down fifty times; a tenth of the pictures is enough to look for their faults.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EASEL_SANITIZED
#endif
#endif
#if defined(EASEL_SANITIZED) || defined(__SANITIZE_ADDRESS__)
constexpr unsigned kPart = 10;
#else
constexpr unsigned kPart = 1;
#endif

// Smooth hills of colours with some grain, different for each seed.
Picture scene(int side, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_int_distribution<int> level(0, 255), grain(-6, 6);
  Picture small{.width_px = 9, .height_px = 9, .channels = 3, .pixels = {}};
  for (int i = 0; i < 9 * 9 * 3; ++i) small.pixels.push_back(static_cast<uint8_t>(level(engine)));
  Picture picture = resampled(small, side, side, ResamplingFilter::cubic);
  if (seed % 2 == 1)
    for (uint8_t& value : picture.pixels) value = static_cast<uint8_t>(std::clamp(value + grain(engine), 0, 255));
  return picture;
}

Picture cropped(const Picture& picture, int left, int top) {
  Picture crop{.width_px = picture.width_px - left, .height_px = picture.height_px - top, .channels = 3, .pixels = {}};
  for (int y = top; y < picture.height_px; ++y) {
    const auto row = picture.pixels.begin() + (y * picture.width_px + left) * 3;
    crop.pixels.insert(crop.pixels.end(), row, row + crop.width_px * 3);
  }
  return crop;
}

Picture through_jpeg(const Picture& picture) {
  return decode_picture(encode_picture(picture, PictureFormat::jpeg, {.quality = 75, .metadata = {}}), "x.jpg").picture;
}

double score_of(const Picture& picture) { return find_watermark(picture)->score; }

TEST(Watermark, CannotBeSeenAndIsFound) {
  for (unsigned seed = 0; seed < std::max(1u, 6 / kPart); ++seed) {
    const Picture picture = scene(128, seed), marked = with_watermark(picture, kMessage);
    EXPECT_GE(picture_difference(marked, picture).psnr_db, 42);
    EXPECT_GE(score_of(marked), kMarkedScore) << seed;
    EXPECT_LT(score_of(picture), kMarkedScore) << seed;
  }
}

TEST(Watermark, SurvivesJpegAndACrop) {
  int found = 0;
  for (unsigned seed = 0; seed < 20 / kPart; ++seed) {
    const Picture marked = with_watermark(scene(128, seed), kMessage);
    found += score_of(through_jpeg(marked)) >= kMarkedScore;
    found += score_of(cropped(marked, 13, 6)) >= kMarkedScore;
    found += score_of(through_jpeg(cropped(marked, 5, 11))) >= kMarkedScore;
  }
  EXPECT_GE(found, 57 / static_cast<int>(kPart));  // 95 of 100
}

TEST(Watermark, ThePictureIsHardlyEverTakenForMarked) {
  int taken = 0;
  for (unsigned seed = 100; seed < 100 + 200 / kPart; ++seed) taken += score_of(scene(96, seed)) >= kMarkedScore;
  EXPECT_LE(taken, 1);
}

TEST(Watermark, LargePicturesCarryAMessage) {
  for (unsigned seed = 0; seed < std::max(1u, 3 / kPart); ++seed) {
    const Picture marked = with_watermark(scene(512, 2 * seed + 1), kMessage);
    for (const Picture& copy : {marked, through_jpeg(marked), through_jpeg(cropped(marked, 51, 30))})
      EXPECT_EQ(find_watermark(copy)->message, kMessage) << seed;
  }
}

TEST(Watermark, AnotherKeyFindsNothing) {
  EXPECT_LT(find_watermark(with_watermark(scene(128, 1), kMessage, "mine"))->score, kMarkedScore);
  EXPECT_GE(find_watermark(with_watermark(scene(128, 1), kMessage, "mine"), "mine")->score, kMarkedScore);
}

TEST(Watermark, WhatIsNotChangedKeepsItsBytes) {
  const Picture picture = scene(64, 1);
  std::vector<float> changed(64 * 64);
  std::fill(changed.begin() + 64 * 32, changed.end(), 1.0f);
  const Picture marked = with_watermark(picture, kMessage, kWatermarkKey, changed);
  EXPECT_TRUE(std::equal(marked.pixels.begin(), marked.pixels.begin() + 64 * 32 * 3, picture.pixels.begin()));
  EXPECT_NE(marked.pixels, picture.pixels);
}

TEST(Watermark, SmallPicturesHaveNone) {
  const Picture small = scene(40, 1);
  EXPECT_FALSE(find_watermark(small));
  EXPECT_EQ(with_watermark({.width_px = 1, .height_px = 1, .channels = 3, .pixels = {1, 2, 3}}, 1).pixels,
            (std::vector<uint8_t>{1, 2, 3}));
}

// The encoder's side of the mark: the largest value of each block of the approximation moves to the middle of a half.
Picture with_xl_mark(Picture picture) {
  constexpr uint64_t kBits = 0xB3EC907BB19E;
  const int columns = picture.width_px / 8, rows = picture.height_px / 8;
  for (int block = 0; block < rows * columns; ++block) {
    const bool bit = kBits >> (47 - block % 48) & 1;
    const int left = block % columns * 8, top = block / columns * 8;
    // Grey of luma 128: U moves with blue alone. One level of U is a sum of 2 in the approximation.
    const float wanted = 36 * std::floor(256.0f / 36) + (bit ? 27 : 9);
    for (int y = top; y < top + 8; ++y)
      for (int x = left; x < left + 8; ++x) {
        const float u = wanted / 2 - 128, luma = 128;
        const float blue = luma + u / 0.492f;
        uint8_t* p = &picture.pixels[static_cast<size_t>((y * picture.width_px + x) * 3)];
        const float other = (luma - 0.114f * blue) / 0.886f;
        p[0] = p[1] = static_cast<uint8_t>(std::lround(other));
        p[2] = static_cast<uint8_t>(std::lround(blue));
      }
  }
  return picture;
}

TEST(KnownMarks, OfStableDiffusionXlIsRead) {
  const std::vector<KnownMark> marks = find_known_marks(with_xl_mark(scene(256, 1)));
  ASSERT_EQ(marks.size(), 2u);
  EXPECT_FALSE(marks[0].marked()) << marks[0].found;
  EXPECT_EQ(marks[1].found, 48);
  for (unsigned seed = 0; seed < 10 / kPart; ++seed)
    for (const KnownMark& mark : find_known_marks(scene(256, seed)))
      EXPECT_FALSE(mark.marked()) << mark.name << mark.found;
}

}  // namespace
}  // namespace easel
