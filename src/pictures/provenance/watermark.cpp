#include "pictures/provenance/watermark.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tensor/parallel.h"
#include "tensor/splitmix64.h"

namespace easel {
namespace {

constexpr int kSide = 8;  // of a block, and blocks of a tile
constexpr int kCoefficients = 7;
constexpr std::array<std::array<int, 2>, kCoefficients> kPlaces = {
    {{0, 3}, {1, 2}, {2, 1}, {3, 0}, {1, 3}, {2, 2}, {3, 1}}};
constexpr int kChips = kSide * kSide * kCoefficients;  // of a tile
constexpr float kLeast = 5.5f, kMost = 6.0f;           // how far a coefficient moves, in levels
constexpr float kBusy = 40;                            // mean absolute coefficient of a block that hides the most
constexpr float kClip = 8;                             // what a block's own content may weigh in the detector
constexpr std::array<float, 3> kLuma = {0.299f, 0.587f, 0.114f};

// One of the seven basis pictures, of norm 1.
using Basis = std::array<float, kSide * kSide>;
const std::array<Basis, kCoefficients>& bases() {
  static const std::array<Basis, kCoefficients> table = [] {
    std::array<Basis, kCoefficients> values{};
    const auto wave = [](int k, int i) {
      return std::sqrt((k == 0 ? 1.0 : 2.0) / kSide) * std::cos(std::numbers::pi * (2 * i + 1) * k / (2.0 * kSide));
    };
    for (size_t c = 0; c < kCoefficients; ++c)
      for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x)
          values[c][static_cast<size_t>(y * kSide + x)] =
              static_cast<float>(wave(kPlaces[c][0], y) * wave(kPlaces[c][1], x));
    return values;
  }();
  return table;
}

// What the key says of every coefficient of a tile: its sign, and the bit of the message that turns it, or -1.
struct Pattern {
  std::array<int, kChips> signs{};
  std::array<int, kChips> bits{};

  explicit Pattern(std::string_view key) {
    uint64_t state = 0;
    for (const char c : key) state = splitmix64(state + static_cast<unsigned char>(c) + kGoldenGamma);
    std::array<int, kChips> order{};
    for (int i = 0; i < kChips; ++i) {
      signs[static_cast<size_t>(i)] = splitmix64(state += kGoldenGamma) & 1 ? 1 : -1;
      order[static_cast<size_t>(i)] = i;
    }
    for (size_t i = kChips - 1; i > 0; --i) std::swap(order[i], order[splitmix64(state += kGoldenGamma) % (i + 1)]);
    bits.fill(-1);
    for (int i = 0; i < kChips / 2; ++i) bits[static_cast<size_t>(order[static_cast<size_t>(i)])] = i % kMessageBits;
  }
};

std::vector<float> luma_of(const Picture& picture) {
  std::vector<float> luma;
  const auto channels = static_cast<size_t>(picture.channels);
  for (size_t i = 0; i < picture.pixels.size(); i += channels) {
    float value = 0;
    for (size_t c = 0; c < 3; ++c) value += kLuma[c] * picture.pixels[i + (channels >= 3 ? c : 0)];
    luma.push_back(value);
  }
  return luma;
}

std::array<float, kCoefficients> coefficients(const float* block, int width) {
  std::array<float, kCoefficients> values{};
  for (size_t c = 0; c < kCoefficients; ++c) {
    const Basis& basis = bases()[c];
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) values[c] += basis[static_cast<size_t>(y * kSide + x)] * block[y * width + x];
  }
  return values;
}

// Sums over all tiles of the clipped coefficients of a grid of blocks that begins at (left, top).
struct Folded {
  std::array<double, kChips> sums{};
  double squares = 0;
};

Folded folded(const std::vector<float>& luma, int width, int height, int left, int top) {
  Folded result;
  for (int y = 0; top + (y + 1) * kSide <= height; ++y)
    for (int x = 0; left + (x + 1) * kSide <= width; ++x) {
      const auto values = coefficients(&luma[static_cast<size_t>((top + y * kSide) * width + left + x * kSide)], width);
      const size_t place = static_cast<size_t>((y % kSide * kSide + x % kSide) * kCoefficients);
      for (size_t c = 0; c < kCoefficients; ++c) {
        const float value = std::clamp(values[c], -kClip, kClip);
        result.sums[place + c] += value;
        result.squares += static_cast<double>(value) * value;
      }
    }
  return result;
}

// The place in the pattern of a block at (x, y) where the picture's first block is at (column, row) of a tile.
size_t pattern_place(int x, int y, int column, int row) {
  return static_cast<size_t>(((y + row) % kSide * kSide + (x + column) % kSide) * kCoefficients);
}

double presence(const Folded& sums, const Pattern& pattern, int column, int row) {
  double total = 0;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const size_t place = pattern_place(x, y, column, row), at = static_cast<size_t>((y * kSide + x) * kCoefficients);
      for (size_t c = 0; c < kCoefficients; ++c)
        if (pattern.bits[place + c] < 0) total += pattern.signs[place + c] * sums.sums[at + c];
    }
  return total / std::sqrt(sums.squares / 2 + 1e-9);
}

uint64_t message_in(const Folded& sums, const Pattern& pattern, int column, int row) {
  std::array<double, kMessageBits> votes{};
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const size_t place = pattern_place(x, y, column, row), at = static_cast<size_t>((y * kSide + x) * kCoefficients);
      for (size_t c = 0; c < kCoefficients; ++c)
        if (pattern.bits[place + c] >= 0)
          votes[static_cast<size_t>(pattern.bits[place + c])] += pattern.signs[place + c] * sums.sums[at + c];
    }
  uint64_t message = 0;
  for (size_t bit = 0; bit < kMessageBits; ++bit) message |= static_cast<uint64_t>(votes[bit] > 0) << bit;
  return message;
}

// How far the coefficients of a block move.
float strength_of(const std::array<float, kCoefficients>& values) {
  float activity = 0;
  for (const float value : values) activity += std::abs(value) / kCoefficients;
  return kLeast + (kMost - kLeast) * std::min(1.0f, activity / kBusy);
}

}  // namespace

Picture with_watermark(const Picture& picture, uint64_t message, std::string_view key,
                       const std::vector<float>& changed) {
  const Pattern pattern(key);
  const std::vector<float> luma = luma_of(picture);
  Picture marked = picture;
  const auto channels = static_cast<size_t>(picture.channels);
  for (int top = 0; top + kSide <= picture.height_px; top += kSide)
    for (int left = 0; left + kSide <= picture.width_px; left += kSide) {
      const float strength =
          strength_of(coefficients(&luma[static_cast<size_t>(top * picture.width_px + left)], picture.width_px));
      const size_t place = pattern_place(left / kSide, top / kSide, 0, 0);
      std::array<float, kCoefficients> moves{};
      for (size_t c = 0; c < kCoefficients; ++c) {
        const int bit = pattern.bits[place + c];
        const bool turned = bit >= 0 && (message >> bit & 1) == 0;
        moves[c] = strength * static_cast<float>(turned ? -pattern.signs[place + c] : pattern.signs[place + c]);
      }
      for (int i = 0; i < kSide * kSide; ++i) {
        const size_t pixel = static_cast<size_t>((top + i / kSide) * picture.width_px + left + i % kSide);
        if (!changed.empty() && changed[pixel] == 0) continue;
        float change = 0;
        for (size_t c = 0; c < kCoefficients; ++c) change += moves[c] * bases()[c][static_cast<size_t>(i)];
        for (size_t c = 0; c < std::min<size_t>(channels, 3); ++c) {
          uint8_t& value = marked.pixels[pixel * channels + c];
          value = static_cast<uint8_t>(std::lround(std::clamp(static_cast<float>(value) + change, 0.0f, 255.0f)));
        }
      }
    }
  return marked;
}

std::optional<Watermark> find_watermark(const Picture& picture, std::string_view key) {
  if (std::min(picture.width_px, picture.height_px) < kSide * kSide) return std::nullopt;
  const Pattern pattern(key);
  const std::vector<float> luma = luma_of(picture);
  std::array<Watermark, kSide * kSide> best{};
  parallel_for(kSide * kSide, [&](int64_t offset, int) {
    const Folded sums = folded(luma, picture.width_px, picture.height_px, static_cast<int>(offset % kSide),
                               static_cast<int>(offset / kSide));
    Watermark& found = best[static_cast<size_t>(offset)];
    for (int row = 0; row < kSide; ++row)
      for (int column = 0; column < kSide; ++column)
        if (const double score = presence(sums, pattern, column, row); score > found.score)
          found = {.score = score, .message = message_in(sums, pattern, column, row)};
  });
  return *std::ranges::max_element(best, {}, &Watermark::score);
}

}  // namespace easel
