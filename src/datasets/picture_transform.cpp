#include "datasets/picture_transform.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "pictures/resampling.h"

namespace easel {
namespace {

constexpr int kChannels = 3;

// One row of the picture as RGB in 0..255, transparent parts over white. row: [width, 3].
void read_row(const Picture& picture, int y, float* row) {
  const int channels = picture.channels;
  const uint8_t* pixel = picture.pixels.data() + static_cast<size_t>(y) * picture.width_px * channels;
  for (int x = 0; x < picture.width_px; ++x, pixel += channels, row += kChannels)
    for (int c = 0; c < kChannels; ++c) {
      const float value = pixel[channels >= 3 ? c : 0];
      row[c] = channels == 4 ? 255.0f + (value - 255.0f) * (pixel[3] / 255.0f) : value;
    }
}

// row: [width, 3]; shrunk: [taps, 3].
void filter_row(const float* row, const std::vector<ResamplingTap>& taps, float* shrunk) {
  for (const ResamplingTap& tap : taps) {
    float sum[kChannels] = {};
    const float* source = row + static_cast<ptrdiff_t>(tap.first) * kChannels;
    for (const float weight : tap.weights)
      for (int c = 0; c < kChannels; ++c) sum[c] += weight * *source++;
    for (const float channel : sum) *shrunk++ = channel;
  }
}

int resized_length(int length, double scale, int at_least) {
  return std::max(at_least, static_cast<int>(std::lround(length * scale)));
}

int crop_offset(int left_over, double share) {
  return std::clamp(static_cast<int>(std::lround(left_over * share)), 0, left_over);
}

}  // namespace

void crop_to_values(const Picture& picture, PictureSize size, const CropChoice& crop, float* values) {
  assert(picture.width_px > 0 && picture.height_px > 0 && size.width_px > 0 && size.height_px > 0);
  const double scale = std::max(static_cast<double>(size.width_px) / picture.width_px,
                                static_cast<double>(size.height_px) / picture.height_px);
  const int width = resized_length(picture.width_px, scale, size.width_px);
  const int height = resized_length(picture.height_px, scale, size.height_px);
  const std::vector<ResamplingTap> columns = resampling_taps(ResamplingFilter::cubic, picture.width_px, width,
                                                             crop_offset(width - size.width_px, crop.x), size.width_px);
  const std::vector<ResamplingTap> lines = resampling_taps(
      ResamplingFilter::cubic, picture.height_px, height, crop_offset(height - size.height_px, crop.y), size.height_px);

  const int first_row = lines.front().first;
  const int num_rows = lines.back().first + static_cast<int>(lines.back().weights.size()) - first_row;
  const size_t row_length = static_cast<size_t>(size.width_px) * kChannels;
  std::vector<float> row(static_cast<size_t>(picture.width_px) * kChannels);  // [source width, 3]
  std::vector<float> rows(static_cast<size_t>(num_rows) * row_length);        // [source rows, width, 3]
  for (int y = 0; y < num_rows; ++y) {
    read_row(picture, first_row + y, row.data());
    filter_row(row.data(), columns, rows.data() + static_cast<size_t>(y) * row_length);
  }
  for (size_t y = 0; y < lines.size(); ++y) {
    float* line = values + y * row_length;
    std::fill_n(line, row_length, -1.0f);
    const float* source = rows.data() + static_cast<size_t>(lines[y].first - first_row) * row_length;
    for (const float weight : lines[y].weights) {
      const float share = weight / 127.5f;
      for (size_t i = 0; i < row_length; ++i) line[i] += share * source[i];
      source += row_length;
    }
    for (size_t i = 0; i < row_length; ++i) line[i] = std::clamp(line[i], -1.0f, 1.0f);
    if (crop.flip)
      for (int left = 0, right = size.width_px - 1; left < right; ++left, --right)
        std::swap_ranges(line + left * kChannels, line + (left + 1) * kChannels, line + right * kChannels);
  }
}

}  // namespace easel
