#include "pictures/resampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace easel {
namespace {

constexpr ResamplingFilter kFilters[] = {ResamplingFilter::linear, ResamplingFilter::cubic, ResamplingFilter::lanczos};

TEST(Resampling, TheSameSizeIsTheSamePicture) {
  Picture picture{.width_px = 5, .height_px = 3, .channels = 4, .pixels = std::vector<uint8_t>(60)};
  std::iota(picture.pixels.begin(), picture.pixels.end(), uint8_t{100});
  for (const ResamplingFilter filter : kFilters) EXPECT_EQ(resampled(picture, 5, 3, filter).pixels, picture.pixels);
}

TEST(Resampling, WeightsAddUpToOne) {
  for (const ResamplingFilter filter : kFilters)
    for (const int to : {1, 3, 7, 20, 41})
      for (const ResamplingTap& tap : resampling_taps(filter, 7, to, 0, to)) {
        EXPECT_NEAR(std::accumulate(tap.weights.begin(), tap.weights.end(), 0.0), 1, 1e-6);
        EXPECT_GE(tap.first, 0);
        EXPECT_LE(tap.first + static_cast<int>(tap.weights.size()), 7);
      }
}

TEST(Resampling, LinearIsThatOfPyTorch) {
  const Tensor line = Tensor::from({1, 1, 2, 1}, std::vector<float>{1, 5});
  const Tensor wide = resampled(line, 1, 4, ResamplingFilter::linear);
  const std::vector<float> expected = {1, 2, 4, 5};
  for (size_t i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(wide.f32()[i], expected[i]);
}

TEST(Resampling, TheMiddleTapsAreTheFilters) {
  // Twice the size: samples at quarters between two source samples.
  const std::vector<float> cubic = resampling_taps(ResamplingFilter::cubic, 16, 32, 15, 1).front().weights;
  EXPECT_NEAR(*std::max_element(cubic.begin(), cubic.end()), 0.8671875, 1e-6);  // Keys at 1/4
  const std::vector<float> lanczos = resampling_taps(ResamplingFilter::lanczos, 16, 32, 15, 1).front().weights;
  EXPECT_NEAR(*std::max_element(lanczos.begin(), lanczos.end()), 0.8922, 2e-3);  // sinc(1/4) sinc(1/12) of the sum
}

TEST(Resampling, ColoursWeighByTheirOpacity) {
  // A clear red pixel beside an opaque blue one leaves no red.
  const Picture picture{.width_px = 2, .height_px = 1, .channels = 4, .pixels = {255, 0, 0, 0, 0, 0, 255, 255}};
  const Picture small = resampled(picture, 1, 1, ResamplingFilter::linear);
  EXPECT_EQ(small.pixels, (std::vector<uint8_t>{0, 0, 255, 128}));
}

}  // namespace
}  // namespace easel
