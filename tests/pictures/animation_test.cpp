#include "pictures/animation.h"

#include <gtest/gtest.h>
#include <webp/demux.h>

#include <algorithm>

#include "easel/error.h"

namespace easel {
namespace {

Picture plain(int width_px, int height_px, uint8_t value, int channels = 3) {
  return {width_px, height_px, channels,
          std::vector<uint8_t>(static_cast<size_t>(width_px * height_px * channels), value)};
}

const std::vector<Picture> kFrames{plain(16, 8, 10), plain(16, 8, 100), plain(16, 8, 200)};

struct WebpFrame {
  int end_ms;
  uint8_t red;
};

// By libwebp's own decoder of animations.
std::vector<WebpFrame> webp_frames(const std::vector<uint8_t>& file) {
  const WebPData data{file.data(), file.size()};
  WebPAnimDecoderOptions options;
  WebPAnimDecoderOptionsInit(&options);
  WebPAnimDecoder* decoder = WebPAnimDecoderNew(&data, &options);
  std::vector<WebpFrame> frames;
  while (decoder != nullptr && WebPAnimDecoderHasMoreFrames(decoder) != 0) {
    uint8_t* pixels = nullptr;
    WebpFrame frame{};
    WebPAnimDecoderGetNext(decoder, &pixels, &frame.end_ms);
    frame.red = pixels[0];
    frames.push_back(frame);
  }
  WebPAnimDecoderDelete(decoder);
  return frames;
}

// Types of a PNG's chunks, in order.
std::vector<std::string> png_chunks(const std::vector<uint8_t>& file) {
  std::vector<std::string> types;
  for (size_t at = 8; at + 12 <= file.size();) {
    const size_t length =
        size_t{file[at]} << 24 | size_t{file[at + 1]} << 16 | size_t{file[at + 2]} << 8 | file[at + 3];
    types.emplace_back(file.begin() + static_cast<ptrdiff_t>(at) + 4, file.begin() + static_cast<ptrdiff_t>(at) + 8);
    at += 12 + length;
  }
  return types;
}

TEST(Animation, WebpShowsEachFrameForItsTime) {
  const auto frames = webp_frames(encode_animation(kFrames, PictureFormat::webp, {.frames_per_second = 8}));
  ASSERT_EQ(frames.size(), 3u);
  for (size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].end_ms, 125 * static_cast<int>(i + 1));
    EXPECT_NEAR(frames[i].red, kFrames[i].pixels[0], 3);
  }
}

TEST(Animation, PngHasItsChunksAndItsFirstFrameForReadersOfStills) {
  AnimationOptions options;
  options.metadata.json = R"({"frames":3})";
  const std::vector<uint8_t> file = encode_animation(kFrames, PictureFormat::png, options);
  const std::vector<std::string> chunks = png_chunks(file);
  EXPECT_EQ(chunks.front(), "IHDR");
  EXPECT_EQ(chunks.back(), "IEND");
  EXPECT_EQ(std::ranges::count(chunks, "acTL"), 1);
  EXPECT_EQ(std::ranges::count(chunks, "fcTL"), 3);
  EXPECT_GE(std::ranges::count(chunks, "fdAT"), 2);
  EXPECT_LT(std::ranges::find(chunks, "acTL"), std::ranges::find(chunks, "IDAT"));
  const PictureFile first = decode_picture(file, "animation");
  EXPECT_EQ(first.picture.pixels, kFrames[0].pixels);
  EXPECT_EQ(first.metadata.json, options.metadata.json);
}

TEST(Animation, WhatDoesNotFitIsRefused) {
  const auto refused = [](const std::vector<Picture>& frames, PictureFormat format, const AnimationOptions& options) {
    EXPECT_THROW(encode_animation(frames, format, options), Error);
  };
  refused({}, PictureFormat::png, {});
  refused({plain(4, 4, 0), plain(4, 5, 0)}, PictureFormat::webp, {});
  refused({plain(4, 4, 0), plain(4, 4, 0, 4)}, PictureFormat::png, {});
  refused(kFrames, PictureFormat::jpeg, {});
  refused(kFrames, PictureFormat::png, {.frames_per_second = 0});
  refused(kFrames, PictureFormat::png, {.loops = -1});
  refused(kFrames, PictureFormat::webp, {.quality = 0});
  refused({plain(20000, 1, 0)}, PictureFormat::webp, {});
}

}  // namespace
}  // namespace easel
