#include "storybook/stickers/sticker.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "easel/error.h"
#include "storybook/stickers/hsv.h"

namespace easel::storybook {
namespace {

constexpr int kSmallestPx = 32;
constexpr double kRim = 0.035;     // of the side
constexpr int kVisibleAlpha = 96;  // what counts for the box
constexpr double kFullTurn = 2 * std::numbers::pi;

uint32_t premultiplied(const uint8_t* rgba) {
  const uint32_t a = rgba[3];
  const auto scaled = [&](int channel) { return (rgba[channel] * a + 127) / 255; };
  return a << 24 | scaled(0) << 16 | scaled(1) << 8 | scaled(2);
}

// In the middle of a square.
ArgbImage to_argb(const Picture& picture) {
  const int side = std::max(picture.width_px, picture.height_px);
  if (picture.channels != 4 || side < kSmallestPx)
    throw Error(ErrorCode::InvalidArgument, "[storybook] a sticker of " + std::to_string(picture.width_px) + " x " +
                                                std::to_string(picture.height_px) + " pixels in " +
                                                std::to_string(picture.channels) + " channels; must have " +
                                                std::to_string(kSmallestPx) + " pixels or more and transparency");
  const int left = (side - picture.width_px) / 2, top = (side - picture.height_px) / 2;
  ArgbImage image{.side_px = side,
                  .pixels = std::vector<uint32_t>(static_cast<size_t>(side) * static_cast<size_t>(side))};
  for (int y = 0; y < picture.height_px; ++y)
    for (int x = 0; x < picture.width_px; ++x)
      image.pixels[static_cast<size_t>((y + top) * side + x + left)] =
          premultiplied(&picture.pixels[static_cast<size_t>(y * picture.width_px + x) * 4]);
  return image;
}

// Each pixel the mean of four.
ArgbImage halved(const ArgbImage& image) {
  ArgbImage half{.side_px = image.side_px / 2, .pixels = {}};
  for (int y = 0; y < half.side_px; ++y)
    for (int x = 0; x < half.side_px; ++x) {
      uint32_t pixel = 0;
      for (const int shift : {24, 16, 8, 0}) {
        uint32_t sum = 2;
        for (const int dy : {0, 1})
          for (const int dx : {0, 1}) sum += image.at(2 * x + dx, 2 * y + dy) >> shift & 255u;
        pixel |= sum / 4 << shift;
      }
      half.pixels.push_back(pixel);
    }
  return half;
}

int rim_px(int side_px) { return std::max(1, static_cast<int>(kRim * side_px)); }

// Smaller by `inset` on each side.
ArgbImage shrunk(const ArgbImage& image, int inset) {
  const int side = image.side_px;
  ArgbImage small{.side_px = side, .pixels = std::vector<uint32_t>(image.pixels.size(), 0)};
  const auto from = [&](int v) { return std::min(side - 1, (2 * (v - inset) + 1) * side / (2 * (side - 2 * inset))); };
  for (int y = inset; y < side - inset; ++y)
    for (int x = inset; x < side - inset; ++x)
      small.pixels[static_cast<size_t>(y * side + x)] = image.at(from(x), from(y));
  return small;
}

// The largest alpha within a circle around the pixel.
uint32_t most_alpha(const ArgbImage& image, int x, int y, int radius) {
  uint32_t most = 0;
  for (int dy = -radius; dy <= radius; ++dy)
    for (int dx = -radius; dx <= radius; ++dx) {
      const int px = x + dx, py = y + dy;
      if (dx * dx + dy * dy > radius * radius || px < 0 || py < 0 || px >= image.side_px || py >= image.side_px)
        continue;
      most = std::max(most, image.at(px, py) >> 24);
    }
  return most;
}

// White under the thing and around it.
ArgbImage with_rim(const ArgbImage& image) {
  const int side = image.side_px, rim = rim_px(side);
  const ArgbImage small = shrunk(image, rim + 1);
  ArgbImage rimmed = small;
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const uint32_t pixel = small.at(x, y), white = most_alpha(small, x, y, rim) * (255 - (pixel >> 24)) / 255;
      rimmed.pixels[static_cast<size_t>(y * side + x)] = pixel + (white << 24 | white << 16 | white << 8 | white);
    }
  return rimmed;
}

StickerBox box_of(const ArgbImage& image) {
  int left = image.side_px, right = -1, top = image.side_px, bottom = -1;
  for (int y = 0; y < image.side_px; ++y)
    for (int x = 0; x < image.side_px; ++x)
      if (image.at(x, y) >> 24 >= kVisibleAlpha) {
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
  if (right < left) throw Error(ErrorCode::InvalidArgument, "[storybook] a sticker with nothing in it");
  const double unit = image.side_px;
  return {.left = left / unit, .low = 1 - (bottom + 1) / unit, .right = (right + 1) / unit, .high = 1 - top / unit};
}

Rgb main_colour_of(const ArgbImage& image) {
  std::complex<double> direction = 0;
  for (const uint32_t pixel : image.pixels) {
    const Hsv colour = to_hsv(opaque(pixel));
    direction +=
        std::polar((pixel >> 24) * colour.saturation * colour.saturation * colour.value, kFullTurn * colour.hue);
  }
  if (std::abs(direction) < 1) return {};
  const double hue = std::arg(direction) / kFullTurn;
  Rgb sum{};
  double weights = 0;
  for (const uint32_t pixel : image.pixels) {
    const Rgb colour = opaque(pixel);
    const double weight = (pixel >> 24) * share_of_hue(to_hsv(colour), hue);
    sum = {sum.r + weight * colour.r, sum.g + weight * colour.g, sum.b + weight * colour.b};
    weights += weight;
  }
  return weights == 0 ? Rgb{} : Rgb{sum.r / weights, sum.g / weights, sum.b / weights};
}

uint32_t packed(Rgb colour, uint32_t alpha) {
  const auto channel = [&](double value) { return static_cast<uint32_t>(std::clamp(value, 0.0, 1.0) * alpha + 0.5); };
  return alpha << 24 | channel(colour.r) << 16 | channel(colour.g) << 8 | channel(colour.b);
}

}  // namespace

Sticker::Sticker(const Picture& picture, bool rim) {
  ArgbImage image = to_argb(picture);
  main_colour_ = main_colour_of(image);
  if (rim) {
    inset_ = (rim_px(image.side_px) + 1) / static_cast<double>(image.side_px);
    image = with_rim(image);
  }
  box_ = box_of(image);
  sizes_.push_back(std::move(image));
  while (sizes_.back().side_px >= 2 * kSmallestPx) sizes_.push_back(halved(sizes_.back()));
}

const ArgbImage& Sticker::at_least(double side_px) const {
  size_t i = 0;
  while (i + 1 < sizes_.size() && sizes_[i + 1].side_px >= side_px) ++i;
  return sizes_[i];
}

ArgbImage recoloured(const ArgbImage& image, Rgb main_colour, Rgb wanted) {
  const Hsv from = to_hsv(main_colour), to = to_hsv(wanted);
  ArgbImage result{.side_px = image.side_px, .pixels = {}};
  result.pixels.reserve(image.pixels.size());
  for (const uint32_t pixel : image.pixels) {
    const uint32_t alpha = pixel >> 24;
    const Rgb colour = opaque(pixel);
    const Hsv own = to_hsv(colour);
    const double share = alpha == 0 ? 0 : share_of_hue(own, from.hue);
    if (share == 0) {
      result.pixels.push_back(pixel);
      continue;
    }
    const double turned = std::remainder(own.hue - from.hue, 1.0) * 0.4;  // neighbouring hues stay a little apart
    const Hsv target{.hue = to.hue + turned,
                     .saturation = std::min(1.0, to.saturation * own.saturation / from.saturation),
                     .value = std::min(1.0, to.value * own.value / from.value)};
    result.pixels.push_back(packed(mix(colour, to_rgb(target), share), alpha));
  }
  return result;
}

}  // namespace easel::storybook
