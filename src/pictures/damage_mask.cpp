#include "pictures/damage_mask.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

namespace easel {
namespace {

constexpr int kLeastHole = 12;           // pixels
constexpr int kLight = 190, kDark = 70;  // what scratches are at least, at most, in all colours
constexpr double kHoleContrast = 60;     // of a hole with the pixels around it

struct Size {
  int width, height;
  size_t at(int x, int y) const { return static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x); }
};

using Flags = std::vector<uint8_t>;

// The extreme of every square of side 2 * radius + 1, inside the picture.
std::vector<uint8_t> extremes(const std::vector<uint8_t>& plane, const Size& size, int radius, bool largest) {
  const auto more = [&](uint8_t a, uint8_t b) { return largest ? std::max(a, b) : std::min(a, b); };
  std::vector<uint8_t> across(plane.size()), both(plane.size());
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      uint8_t value = plane[size.at(x, y)];
      for (int i = std::max(0, x - radius); i <= std::min(size.width - 1, x + radius); ++i)
        value = more(value, plane[size.at(i, y)]);
      across[size.at(x, y)] = value;
    }
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      uint8_t value = across[size.at(x, y)];
      for (int i = std::max(0, y - radius); i <= std::min(size.height - 1, y + radius); ++i)
        value = more(value, across[size.at(x, i)]);
      both[size.at(x, y)] = value;
    }
  return both;
}

// A connected part of some flags.
struct Spot {
  std::vector<size_t> pixels;
  int left, top, right, bottom;  // of its box, both ends inside
};

// Every spot of pixels that are flagged, neighbours in eight directions joined.
void for_each_spot(Flags flags, const Size& size, const std::function<void(const Spot&)>& use) {
  std::vector<size_t> waiting;
  for (size_t first = 0; first < flags.size(); ++first) {
    if (flags[first] == 0) continue;
    Spot spot{.pixels = {}, .left = size.width, .top = size.height, .right = 0, .bottom = 0};
    waiting.assign(1, first);
    flags[first] = 0;
    while (!waiting.empty()) {
      const size_t pixel = waiting.back();
      waiting.pop_back();
      spot.pixels.push_back(pixel);
      const int x = static_cast<int>(pixel % static_cast<size_t>(size.width)),
                y = static_cast<int>(pixel / static_cast<size_t>(size.width));
      spot.left = std::min(spot.left, x);
      spot.right = std::max(spot.right, x);
      spot.top = std::min(spot.top, y);
      spot.bottom = std::max(spot.bottom, y);
      for (int j = std::max(0, y - 1); j <= std::min(size.height - 1, y + 1); ++j)
        for (int i = std::max(0, x - 1); i <= std::min(size.width - 1, x + 1); ++i)
          if (flags[size.at(i, j)] != 0) {
            flags[size.at(i, j)] = 0;
            waiting.push_back(size.at(i, j));
          }
    }
    use(spot);
  }
}

// Pixels that stand out of what a line's width around them looks like, all colours to the same side.
Flags thin_contrasts(const Picture& picture, const Size& size, int radius, int contrast, bool lighter) {
  Flags flags(static_cast<size_t>(size.width) * static_cast<size_t>(size.height), 1);
  const int channels = picture.channels;
  for (int c = 0; c < std::min(channels, 3); ++c) {
    std::vector<uint8_t> plane;
    for (size_t i = 0; i < flags.size(); ++i)
      plane.push_back(picture.pixels[i * static_cast<size_t>(channels) + static_cast<size_t>(c)]);
    // Opening removes light lines, closing dark ones.
    const std::vector<uint8_t> without = extremes(extremes(plane, size, radius, !lighter), size, radius, lighter);
    for (size_t i = 0; i < flags.size(); ++i)
      if (lighter ? plane[i] < kLight || plane[i] - without[i] < contrast
                  : plane[i] > kDark || without[i] - plane[i] < contrast)
        flags[i] = 0;
  }
  return flags;
}

// The flags on a straight line of flags at least `length` pixels long, in one of some directions; gaps of a pixel do
// not interrupt it.
Flags on_straight_lines(const Flags& flags, const Size& size, int length) {
  constexpr int kDirections = 32;
  const Flags wide = extremes(flags, size, 1, /*largest=*/true);
  Flags lines(flags.size());
  const auto run = [&](int x, int y, double across, double down) {
    int steps = 0;
    while (steps < length) {
      const double to_x = x + (steps + 1) * across, to_y = y + (steps + 1) * down;
      const int column = static_cast<int>(std::lround(to_x)), row = static_cast<int>(std::lround(to_y));
      if (column < 0 || row < 0 || column >= size.width || row >= size.height || wide[size.at(column, row)] == 0) break;
      ++steps;
    }
    return steps;
  };
  for (int direction = 0; direction < kDirections; ++direction) {
    const double angle = std::numbers::pi * direction / kDirections, across = std::cos(angle), down = std::sin(angle);
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x)
        if (flags[size.at(x, y)] != 0 && lines[size.at(x, y)] == 0 &&
            run(x, y, across, down) + run(x, y, -across, -down) + 1 >= length)
          lines[size.at(x, y)] = 1;
  }
  return lines;
}

Flags pure_colour(const Picture& picture, uint8_t value) {
  Flags flags;
  const auto channels = static_cast<size_t>(picture.channels);
  for (size_t i = 0; i < picture.pixels.size(); i += channels) {
    bool pure = true;
    for (size_t c = 0; c < std::min<size_t>(channels, 3); ++c) pure = pure && picture.pixels[i + c] == value;
    flags.push_back(pure ? 1 : 0);
  }
  return flags;
}

// How far the mean of the pixels just outside the spot's box is from its own grey.
double contrast_around(const Picture& picture, const Size& size, const Spot& spot, uint8_t value) {
  double sum = 0;
  int count = 0;
  const auto add = [&](int x, int y) {
    for (int c = 0; c < std::min(picture.channels, 3); ++c, ++count)
      sum += picture.pixels[size.at(x, y) * static_cast<size_t>(picture.channels) + static_cast<size_t>(c)];
  };
  const int left = std::max(0, spot.left - 2), right = std::min(size.width - 1, spot.right + 2);
  const int top = std::max(0, spot.top - 2), bottom = std::min(size.height - 1, spot.bottom + 2);
  for (int x = left; x <= right; ++x) {
    add(x, top);
    add(x, bottom);
  }
  for (int y = top; y <= bottom; ++y) {
    add(left, y);
    add(right, y);
  }
  return std::abs(sum / count - value);
}

}  // namespace

Picture damage_mask(const Picture& picture, int contrast) {
  const Size size{picture.width_px, picture.height_px};
  const int shorter = std::min(size.width, size.height);
  std::vector<uint8_t> mask(static_cast<size_t>(size.width) * static_cast<size_t>(size.height));
  const auto mark = [&](const Spot& spot) {
    for (const size_t pixel : spot.pixels) mask[pixel] = 255;
  };
  for (const bool lighter : {true, false}) {
    const Flags lines = on_straight_lines(thin_contrasts(picture, size, std::max(2, shorter / 100), contrast, lighter),
                                          size, std::max(8, shorter / 6));
    for (size_t i = 0; i < mask.size(); ++i)
      if (lines[i] != 0) mask[i] = 255;
  }
  const size_t most = mask.size() / 10;
  for (const uint8_t value : {uint8_t{0}, uint8_t{255}})
    for_each_spot(pure_colour(picture, value), size, [&](const Spot& spot) {
      const bool inside = spot.left > 0 && spot.top > 0 && spot.right + 1 < size.width && spot.bottom + 1 < size.height;
      if (inside && spot.pixels.size() >= kLeastHole && spot.pixels.size() <= most &&
          contrast_around(picture, size, spot, value) >= kHoleContrast)
        mark(spot);
    });
  if (picture.channels == 4)
    for (size_t i = 0; i < mask.size(); ++i)
      if (picture.pixels[i * 4 + 3] < 255) mask[i] = 255;
  mask = extremes(mask, size, 1, /*largest=*/true);
  return {.width_px = size.width, .height_px = size.height, .channels = 1, .pixels = std::move(mask)};
}

}  // namespace easel
