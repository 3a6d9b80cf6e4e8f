#include "datasets/broken_pictures.h"

#include "pictures/picture_file.h"

namespace easel::test {

Picture plain_picture(int width_px, int height_px, int shade) {
  Picture picture{width_px, height_px, 3, {}};
  picture.pixels.assign(static_cast<size_t>(width_px) * static_cast<size_t>(height_px) * 3,
                        static_cast<uint8_t>(shade));
  return picture;
}

std::string png_bytes(int width_px, int height_px, int shade) {
  const auto bytes = encode_picture(plain_picture(width_px, height_px, shade), PictureFormat::png);
  return {bytes.begin(), bytes.end()};
}

std::string truncated_png() {
  const std::string whole = png_bytes(40, 40, 9);
  return whole.substr(0, whole.size() * 2 / 3);
}

}  // namespace easel::test
