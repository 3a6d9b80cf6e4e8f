#include "pictures/edge_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace easel {
namespace {

// A plane of numbers whose border pixels go on outside.
struct Plane {
  int width = 0, height = 0;
  std::vector<float> values;

  Plane(int w, int h) : width(w), height(h), values(static_cast<size_t>(w) * static_cast<size_t>(h)) {}
  float& at(int x, int y) {
    return values[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
  }
  float clamped(int x, int y) const {
    const int cx = std::clamp(x, 0, width - 1), cy = std::clamp(y, 0, height - 1);
    return values[static_cast<size_t>(cy) * static_cast<size_t>(width) + static_cast<size_t>(cx)];
  }
};

// ITU-R BT.601, 0..255.
Plane luma_of(const Picture& picture) {
  Plane luma(picture.width_px, picture.height_px);
  const auto channels = static_cast<size_t>(picture.channels);
  for (size_t i = 0; i < luma.values.size(); ++i) {
    const uint8_t* p = &picture.pixels[i * channels];
    luma.values[i] = 0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2];
  }
  return luma;
}

// A Gaussian of 1.4 pixels, five taps each way.
Plane smoothed(const Plane& plane) {
  constexpr float kTaps[] = {0.1103f, 0.2371f, 0.3052f, 0.2371f, 0.1103f};
  Plane across(plane.width, plane.height), both(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y)
    for (int x = 0; x < plane.width; ++x)
      for (int d = -2; d <= 2; ++d) across.at(x, y) += kTaps[d + 2] * plane.clamped(x + d, y);
  for (int y = 0; y < plane.height; ++y)
    for (int x = 0; x < plane.width; ++x)
      for (int d = -2; d <= 2; ++d) both.at(x, y) += kTaps[d + 2] * across.clamped(x, y + d);
  return both;
}

struct Gradient {
  Plane x, y, length;
};

Gradient gradient_of(const Plane& plane) {
  Gradient gradient{Plane(plane.width, plane.height), Plane(plane.width, plane.height),
                    Plane(plane.width, plane.height)};
  for (int y = 0; y < plane.height; ++y)
    for (int x = 0; x < plane.width; ++x) {
      const auto p = [&](int dx, int dy) { return plane.clamped(x + dx, y + dy); };
      const float gx = p(1, -1) + 2 * p(1, 0) + p(1, 1) - p(-1, -1) - 2 * p(-1, 0) - p(-1, 1);
      const float gy = p(-1, 1) + 2 * p(0, 1) + p(1, 1) - p(-1, -1) - 2 * p(0, -1) - p(1, -1);
      gradient.x.at(x, y) = gx;
      gradient.y.at(x, y) = gy;
      gradient.length.at(x, y) = std::hypot(gx, gy);
    }
  return gradient;
}

// Whether the gradient is largest here along its own direction, which is rounded to one of eight.
bool is_ridge(const Gradient& gradient, int x, int y) {
  const float gx = gradient.x.clamped(x, y), gy = gradient.y.clamped(x, y), here = gradient.length.clamped(x, y);
  constexpr float kSteep = 2.4142f;  // tangent of 67.5 degrees
  const int dx = std::abs(gy) > kSteep * std::abs(gx) ? 0 : gx > 0 ? 1 : -1;
  const int dy = std::abs(gx) > kSteep * std::abs(gy) ? 0 : gy > 0 ? 1 : -1;
  return here > gradient.length.clamped(x + dx, y + dy) && here >= gradient.length.clamped(x - dx, y - dy);
}

}  // namespace

Picture edge_map(const Picture& picture, const EdgeThresholds& thresholds) {
  Gradient gradient = gradient_of(smoothed(luma_of(picture)));
  const int width = picture.width_px, height = picture.height_px;
  Picture edges{.width_px = width,
                .height_px = height,
                .channels = 3,
                .pixels = std::vector<uint8_t>(static_cast<size_t>(width) * static_cast<size_t>(height) * 3)};
  std::vector<std::pair<int, int>> open;  // edge pixels whose neighbours have not been looked at
  const auto mark = [&](int x, int y, double least) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    uint8_t* pixel = &edges.pixels[(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 3];
    if (pixel[0] != 0 || gradient.length.at(x, y) < least || !is_ridge(gradient, x, y)) return;
    std::fill_n(pixel, 3, uint8_t{255});
    open.emplace_back(x, y);
  };
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      mark(x, y, thresholds.high);
      while (!open.empty()) {
        const auto [ex, ey] = open.back();
        open.pop_back();
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx) mark(ex + dx, ey + dy, thresholds.low);
      }
    }
  return edges;
}

}  // namespace easel
