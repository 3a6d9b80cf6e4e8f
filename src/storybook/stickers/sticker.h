// sticker.h — a thing as a picture with transparency, in several sizes, and what it looks like in another colour.
#pragma once

#include <cstdint>
#include <vector>

#include "easel/picture.h"
#include "storybook/brush.h"

namespace easel::storybook {

// A square of premultiplied ARGB, 32 bits native endian, rows from the top: what Cairo paints.
struct ArgbImage {
  int side_px = 0;
  std::vector<uint32_t> pixels;

  uint32_t at(int x, int y) const {
    return pixels[static_cast<size_t>(y) * static_cast<size_t>(side_px) + static_cast<size_t>(x)];
  }
};

// What of the square is not transparent, in the square's own unit, y up.
struct StickerBox {
  double left = 0, low = 0, right = 1, high = 1;
  double aspect() const { return (right - left) / (high - low); }
};

class Sticker {
 public:
  // picture: with transparency. rim: a white border around the thing, as stickers have. Throws InvalidArgument where
  // the picture has no transparency, is too small or has nothing in it.
  Sticker(const Picture& picture, bool rim);

  const StickerBox& box() const { return box_; }
  // The smallest size that is not smaller than `side_px`, else the largest.
  const ArgbImage& at_least(double side_px) const;
  // The colour that most of it has: the mean of the pixels near its commonest hue. Black where it has none.
  Rgb main_colour() const { return main_colour_; }
  // Where a point of the picture is: the rim takes some room.
  Point placed(Point at) const { return {inset_ + (1 - 2 * inset_) * at.x, inset_ + (1 - 2 * inset_) * at.y}; }
  double inset() const { return inset_; }  // width of that room, of the side

 private:
  std::vector<ArgbImage> sizes_;  // each half as large as the one before
  StickerBox box_;
  double inset_ = 0;
  Rgb main_colour_{};
};

// What has about the main colour's hue gets the wanted colour, light and shade as they were; the rest stays: eyes, a
// white belly, wheels.
ArgbImage recoloured(const ArgbImage& image, Rgb main_colour, Rgb wanted);

}  // namespace easel::storybook
