// test_pictures.h — picture sets for tests: a plain shape for each kind and look.
#pragma once

#include <cstdlib>
#include <string>

#include "pictures/picture_file.h"
#include "storybook/kind_row.h"
#include "temporary_folder.h"

namespace easel::storybook::test {

// A disc of one colour in the middle of a transparent square, `height` of the side high and half as wide, on a grey
// foot.
inline Picture disc(uint8_t red, uint8_t green, uint8_t blue, int side_px = 64, double height = 0.8) {
  Picture picture{.width_px = side_px, .height_px = side_px, .channels = 4, .pixels = {}};
  for (int y = 0; y < side_px; ++y)
    for (int x = 0; x < side_px; ++x) {
      const double dx = 2 * (x + 0.5) / side_px - 1, dy = 2 * (y + 0.5) / side_px - 1;
      const bool inside = 4 * dx * dx + dy * dy < height * height;
      const uint8_t shade = dy > 0.5 * height ? 1 : 0;  // the foot
      const uint8_t grey = 120;
      for (const uint8_t channel : {red, green, blue}) picture.pixels.push_back(!inside ? 0 : shade ? grey : channel);
      picture.pixels.push_back(inside ? 255 : 0);
    }
  return picture;
}

// Sets with a red disc for every picture kind in every look, in a folder of its own that EASEL_PICTURES names from then
// on: for the whole process, since the sets are opened once.
inline const easel::test::TemporaryFolder& use_test_pictures() {
  static const easel::test::TemporaryFolder folder;
  static const bool filled = [] {
    const std::vector<uint8_t> png = encode_picture(disc(220, 40, 40), PictureFormat::png);
    const std::string bytes(png.begin(), png.end());
    for (const Kind kind : picture_kinds())
      for (const std::string& look : row_of(kind).picture->looks)
        folder.write(look + "/" + kind_name(kind) + ".png", bytes);
    return true;
  }();
  static_cast<void>(filled);
  setenv("EASEL_PICTURES", folder.path().c_str(), 1);
  return folder;
}

}  // namespace easel::storybook::test
