#include "pictures/wiener_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "tensor/parallel.h"

namespace easel {
namespace {

constexpr int kSide = 8, kArea = kSide * kSide;
constexpr float kHardThreshold = 2.7f;  // of sigma
constexpr double kTrusted = 1.3;        // of sigma^2: the squared distance up to which the guess is believed

using Block = std::array<float, kArea>;

// Orthonormal colours: grey, red against blue, green against both. Rows of a rotation.
constexpr float kColours[3][3] = {
    {0.57735027f, 0.57735027f, 0.57735027f}, {0.70710678f, 0, -0.70710678f}, {0.40824829f, -0.81649658f, 0.40824829f}};

const std::array<float, kArea>& cosines() {
  static const std::array<float, kArea> table = [] {
    std::array<float, kArea> values{};
    for (int k = 0; k < kSide; ++k)
      for (int i = 0; i < kSide; ++i)
        values[static_cast<size_t>(k * kSide + i)] = static_cast<float>(
            std::sqrt((k == 0 ? 1.0 : 2.0) / kSide) * std::cos(std::numbers::pi * (2 * i + 1) * k / (2.0 * kSide)));
    return values;
  }();
  return table;
}

// Rows, then columns; `inverse` turns back.
Block transformed(const Block& in, bool inverse) {
  const std::array<float, kArea>& table = cosines();
  const auto factor = [&](int k, int i) { return table[static_cast<size_t>(inverse ? i * kSide + k : k * kSide + i)]; };
  Block rows{}, both{};
  for (int y = 0; y < kSide; ++y)
    for (int k = 0; k < kSide; ++k) {
      float sum = 0;
      for (int i = 0; i < kSide; ++i) sum += factor(k, i) * in[static_cast<size_t>(y * kSide + i)];
      rows[static_cast<size_t>(y * kSide + k)] = sum;
    }
  for (int k = 0; k < kSide; ++k)
    for (int i = 0; i < kSide; ++i) {
      const float weight = factor(k, i);
      for (int x = 0; x < kSide; ++x)
        both[static_cast<size_t>(k * kSide + x)] += weight * rows[static_cast<size_t>(i * kSide + x)];
    }
  return both;
}

// A plane whose border is mirrored by a block's side, so that every pixel lies in as many blocks.
struct Plane {
  int width, height;  // with the margin
  std::vector<float> values;

  Plane(const Picture& picture, int colour)
      : width(picture.width_px + 2 * kSide), height(picture.height_px + 2 * kSide) {
    const auto channels = static_cast<size_t>(picture.channels);
    const auto mirrored = [](int i, int length) {
      const int period = 2 * length, at = ((i % period) + period) % period;
      return at < length ? at : period - 1 - at;
    };
    for (int y = -kSide; y < picture.height_px + kSide; ++y)
      for (int x = -kSide; x < picture.width_px + kSide; ++x) {
        const size_t pixel =
            (static_cast<size_t>(mirrored(y, picture.height_px)) * static_cast<size_t>(picture.width_px) +
             static_cast<size_t>(mirrored(x, picture.width_px))) *
            channels;
        float value = 0;
        for (size_t c = 0; c < 3; ++c) value += kColours[colour][c] * picture.pixels[pixel + (channels >= 3 ? c : 0)];
        values.push_back(value);
      }
  }
  Block block(int left, int top) const {
    Block block{};
    for (int y = 0; y < kSide; ++y)
      std::copy_n(&values[static_cast<size_t>(top + y) * static_cast<size_t>(width) + static_cast<size_t>(left)], kSide,
                  &block[static_cast<size_t>(y * kSide)]);
    return block;
  }
};

struct FilteredBlock {
  Block values;
  float weight;
};

FilteredBlock filtered(const Block& noisy, const Block& guess, float sigma) {
  double distance = 0;
  for (int i = 0; i < kArea; ++i) {
    const double d = noisy[static_cast<size_t>(i)] - guess[static_cast<size_t>(i)];
    distance += d * d / kArea;
  }
  const double variance = static_cast<double>(sigma) * sigma;
  const auto trust = static_cast<float>(distance > 0 ? std::min(1.0, kTrusted * variance / distance) : 1.0);
  Block noisy_spectrum = transformed(noisy, false);
  const Block guess_spectrum = transformed(guess, false);
  float gains = 0;
  for (size_t i = 0; i < kArea; ++i) {
    const bool strong = std::abs(noisy_spectrum[i]) > kHardThreshold * sigma || i == 0;
    const float p = trust * guess_spectrum[i] + (1 - trust) * (strong ? noisy_spectrum[i] : 0.0f);
    const float gain = p * p / (p * p + static_cast<float>(variance) + 1e-6f);
    noisy_spectrum[i] *= gain;
    gains += gain * gain;
  }
  return {.values = transformed(noisy_spectrum, true), .weight = 1 / (gains + 1e-3f)};
}

// The plane without its margin.
std::vector<float> filtered_plane(const Picture& picture, const Picture& guess, int colour, float sigma) {
  const Plane noisy(picture, colour), pilot(guess, colour);
  std::vector<float> sum(noisy.values.size()), weights(noisy.values.size());
  const int columns = noisy.width - kSide + 1;
  for (int top = 0; top + kSide <= noisy.height; ++top) {
    std::vector<FilteredBlock> row(static_cast<size_t>(columns));
    parallel_for(columns, [&](int64_t left, int) {
      const int x = static_cast<int>(left);
      row[static_cast<size_t>(left)] = filtered(noisy.block(x, top), pilot.block(x, top), sigma);
    });
    for (int left = 0; left < columns; ++left) {
      const FilteredBlock& block = row[static_cast<size_t>(left)];
      for (int i = 0; i < kArea; ++i) {
        const size_t at = static_cast<size_t>(top + i / kSide) * static_cast<size_t>(noisy.width) +
                          static_cast<size_t>(left + i % kSide);
        sum[at] += block.weight * block.values[static_cast<size_t>(i)];
        weights[at] += block.weight;
      }
    }
  }
  std::vector<float> plane;
  for (int y = kSide; y < noisy.height - kSide; ++y)
    for (int x = kSide; x < noisy.width - kSide; ++x) {
      const size_t at = static_cast<size_t>(y) * static_cast<size_t>(noisy.width) + static_cast<size_t>(x);
      plane.push_back(sum[at] / weights[at]);
    }
  return plane;
}

}  // namespace

double estimated_noise(const Picture& picture) {
  const int channels = picture.channels, colours = std::min(channels, 3);
  std::vector<float> diagonals;
  for (int y = 0; y + 1 < picture.height_px; y += 2)
    for (int x = 0; x + 1 < picture.width_px; x += 2)
      for (int c = 0; c < colours; ++c) {
        const auto at = [&](int row, int column) {
          return static_cast<float>(
              picture.pixels[static_cast<size_t>((row * picture.width_px + column) * channels + c)]);
        };
        diagonals.push_back(std::abs(at(y, x) - at(y, x + 1) - at(y + 1, x) + at(y + 1, x + 1)) / 2);
      }
  if (diagonals.empty()) return 0;
  const auto middle = diagonals.begin() + static_cast<std::ptrdiff_t>(diagonals.size() / 2);
  std::nth_element(diagonals.begin(), middle, diagonals.end());
  return *middle / 0.6745;
}

Picture wiener_filtered(const Picture& picture, const Picture& guess, double sigma) {
  std::array<std::vector<float>, 3> planes;
  for (int colour = 0; colour < 3; ++colour)
    planes[static_cast<size_t>(colour)] = filtered_plane(picture, guess, colour, static_cast<float>(sigma));
  Picture result = picture;
  const auto channels = static_cast<size_t>(picture.channels);
  for (size_t i = 0; i < planes[0].size(); ++i)
    for (size_t c = 0; c < std::min<size_t>(channels, 3); ++c) {
      float value = 0;
      for (size_t colour = 0; colour < 3; ++colour) value += kColours[colour][c] * planes[colour][i];
      result.pixels[i * channels + c] = static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 255.0f)));
    }
  return result;
}

}  // namespace easel
