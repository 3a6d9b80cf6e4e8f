#include "pictures/picture_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "easel/error.h"
#include "pictures/picture_tensor.h"

namespace easel {
namespace {

std::string size_of(const Picture& picture) {
  return std::to_string(picture.width_px) + "x" + std::to_string(picture.height_px);
}

}  // namespace

PictureDifference picture_difference(const Picture& a, const Picture& b) {
  if (a.width_px != b.width_px || a.height_px != b.height_px)
    throw Error(ErrorCode::InvalidArgument,
                "[picture] pictures of " + size_of(a) + " and " + size_of(b) + " pixels; must have one size");
  const Picture first = pictures_from_image(image_from_picture(a)).front();
  const Picture second = pictures_from_image(image_from_picture(b)).front();
  double squares = 0;
  int most = 0;
  size_t equal = 0;
  for (size_t i = 0; i < first.pixels.size(); i += 3) {
    int of_pixel = 0;
    for (size_t c = 0; c < 3; ++c) {
      const int difference = std::abs(first.pixels[i + c] - second.pixels[i + c]);
      of_pixel = std::max(of_pixel, difference);
      squares += difference * difference;
    }
    most = std::max(most, of_pixel);
    equal += of_pixel == 0;
  }
  const auto count = static_cast<double>(first.pixels.size());
  return {.psnr_db =
              squares == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(255.0 * 255.0 * count / squares),
          .most = most,
          .equal_share = static_cast<double>(equal) * 3 / count};
}

}  // namespace easel
