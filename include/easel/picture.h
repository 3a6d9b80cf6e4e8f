// picture.h — an 8-bit picture in memory.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace easel {

// Rows from the top, pixels interleaved (RGBRGB… or RGBA…), sRGB, no padding between rows.
struct Picture {
  int width_px = 0;
  int height_px = 0;
  int channels = 3;             // 1 grey, 3 RGB, 4 RGBA (straight alpha)
  std::vector<uint8_t> pixels;  // height_px * width_px * channels
};

// A picture as the value of a parameter; without pixels where none is given.
struct PictureInput {
  Picture picture;
  std::string name;  // the file it was read from: what records and messages say of it; may be empty

  bool given() const { return !picture.pixels.empty(); }
};

}  // namespace easel
