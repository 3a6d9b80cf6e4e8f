#include "pictures/spread_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

using Colour = std::array<float, 3>;

// Of growing brightness, so that it reads without colours too.
constexpr Colour kRamp[] = {{0, 0, 0}, {60, 15, 110}, {150, 40, 110}, {225, 95, 50}, {250, 180, 50}, {255, 250, 200}};

Colour colour_at(float share) {
  const float at = std::clamp(share, 0.0f, 1.0f) * (std::size(kRamp) - 1);
  const size_t low = std::min(static_cast<size_t>(at), std::size(kRamp) - 2);
  const float part = at - static_cast<float>(low);
  Colour colour{};
  for (size_t c = 0; c < 3; ++c) colour[c] = kRamp[low][c] + (kRamp[low + 1][c] - kRamp[low][c]) * part;
  return colour;
}

void check_alike(const std::vector<Picture>& pictures) {
  if (pictures.size() < 2)
    throw Error(ErrorCode::InvalidArgument, "[spread] one picture; its spread needs two or more");
  for (const Picture& picture : pictures)
    if (picture.width_px != pictures[0].width_px || picture.height_px != pictures[0].height_px ||
        picture.channels != pictures[0].channels)
      throw Error(ErrorCode::InvalidArgument, "[spread] pictures of different sizes or channels");
}

}  // namespace

PixelSpread pixel_spread(const std::vector<Picture>& pictures) {
  check_alike(pictures);
  const Picture& first = pictures.front();
  const auto channels = static_cast<size_t>(first.channels), colours = std::min<size_t>(channels, 3);
  PixelSpread spread{.width_px = first.width_px, .height_px = first.height_px, .deviations = {}};
  spread.deviations.resize(first.pixels.size() / channels);
  const auto count = static_cast<double>(pictures.size());
  size_t changing = 0;
  for (size_t i = 0; i < spread.deviations.size(); ++i) {
    double deviation = 0;
    for (size_t c = 0; c < colours; ++c) {
      double sum = 0, squares = 0;
      for (const Picture& picture : pictures) {
        const double value = picture.pixels[i * channels + c];
        sum += value;
        squares += value * value;
      }
      deviation += std::sqrt(std::max(0.0, squares / count - sum / count * (sum / count)));
    }
    deviation /= static_cast<double>(colours);
    spread.deviations[i] = static_cast<float>(deviation);
    spread.mean += deviation / static_cast<double>(spread.deviations.size());
    spread.most = std::max(spread.most, deviation);
    if (deviation > 0) ++changing;
  }
  spread.changing_share = static_cast<double>(changing) / static_cast<double>(spread.deviations.size());
  return spread;
}

Picture heat_map(const PixelSpread& spread) {
  Picture map{.width_px = spread.width_px, .height_px = spread.height_px, .channels = 3, .pixels = {}};
  const float scale = spread.most > 0 ? 1 / static_cast<float>(spread.most) : 0;
  for (const float deviation : spread.deviations)
    for (const float value : colour_at(deviation * scale))
      map.pixels.push_back(static_cast<uint8_t>(std::lround(value)));
  return map;
}

}  // namespace easel
