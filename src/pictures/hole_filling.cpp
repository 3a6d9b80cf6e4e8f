#include "pictures/hole_filling.h"

#include <algorithm>
#include <cmath>

namespace easel {
namespace {

// Colours with how much is known of each.
struct Level {
  int width = 0, height = 0;
  std::vector<float> values;  // [height, width, 4]: known share times RGB, known share

  Level(int w, int h) : width(w), height(h), values(static_cast<size_t>(w) * static_cast<size_t>(h) * 4) {}
  float* at(int x, int y) {
    return &values[(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 4];
  }
  const float* at(int x, int y) const {
    return &values[(static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) * 4];
  }
};

Level known_pixels(const Picture& picture, const std::vector<float>& hole) {
  Level level(picture.width_px, picture.height_px);
  for (size_t i = 0; i < hole.size(); ++i) {
    const float known = 1 - hole[i];
    const uint8_t* pixel = &picture.pixels[i * static_cast<size_t>(picture.channels)];
    for (size_t c = 0; c < 3; ++c) level.values[4 * i + c] = known * pixel[picture.channels >= 3 ? c : 0];
    level.values[4 * i + 3] = known;
  }
  return level;
}

// Sums of 2 x 2, with no more than one known of each.
Level halved(const Level& level) {
  Level half((level.width + 1) / 2, (level.height + 1) / 2);
  for (int y = 0; y < level.height; ++y)
    for (int x = 0; x < level.width; ++x)
      for (int c = 0; c < 4; ++c) half.at(x / 2, y / 2)[c] += level.at(x, y)[c];
  for (size_t i = 0; i < half.values.size(); i += 4) {
    const float known = half.values[i + 3];
    if (known <= 1) continue;
    for (size_t c = 0; c < 4; ++c) half.values[i + c] /= known;
  }
  return half;
}

// The coarse level's colour at a pixel of the fine one, between its four nearest.
void interpolate(const Level& coarse, int x, int y, float* colour) {
  const float fx = 0.5f * static_cast<float>(x) - 0.25f, fy = 0.5f * static_cast<float>(y) - 0.25f;
  const int left = static_cast<int>(std::floor(fx)), top = static_cast<int>(std::floor(fy));
  const float sx = fx - static_cast<float>(left), sy = fy - static_cast<float>(top);
  std::fill_n(colour, 3, 0.0f);
  for (const int dy : {0, 1})
    for (const int dx : {0, 1}) {
      const float* near =
          coarse.at(std::clamp(left + dx, 0, coarse.width - 1), std::clamp(top + dy, 0, coarse.height - 1));
      const float weight = (dx == 1 ? sx : 1 - sx) * (dy == 1 ? sy : 1 - sy);
      for (int c = 0; c < 3; ++c) colour[c] += weight * near[c];
    }
}

// Adds from the coarse level, which is known everywhere, what is not known.
void fill_from(const Level& coarse, Level& level) {
  float colour[3];
  for (int y = 0; y < level.height; ++y)
    for (int x = 0; x < level.width; ++x) {
      float* pixel = level.at(x, y);
      if (pixel[3] >= 1) continue;
      interpolate(coarse, x, y, colour);
      for (int c = 0; c < 3; ++c) pixel[c] += (1 - pixel[3]) * colour[c];
      pixel[3] = 1;
    }
}

}  // namespace

Picture with_holes_filled(const Picture& picture, const std::vector<float>& hole) {
  std::vector<Level> levels{known_pixels(picture, hole)};
  while (levels.back().width > 1 || levels.back().height > 1) levels.push_back(halved(levels.back()));
  float* last = levels.back().at(0, 0);
  for (int c = 0; c < 3; ++c) last[c] = last[3] > 0 ? last[c] / last[3] : 127.5f;
  last[3] = 1;
  for (size_t i = levels.size() - 1; i > 0; --i) fill_from(levels[i], levels[i - 1]);
  Picture filled = picture;
  for (size_t i = 0; i < hole.size(); ++i) {
    if (hole[i] == 0) continue;
    uint8_t* pixel = &filled.pixels[i * static_cast<size_t>(picture.channels)];
    for (int c = 0; c < std::min(picture.channels, 3); ++c)
      pixel[c] =
          static_cast<uint8_t>(std::clamp(levels[0].values[4 * i + static_cast<size_t>(c)], 0.0f, 255.0f) + 0.5f);
  }
  return filled;
}

}  // namespace easel
