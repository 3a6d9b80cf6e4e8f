#include "pictures/picture_orientation.h"

#include <algorithm>

#include "tensor/cancellation_scope.h"

namespace easel {

Picture oriented(Picture stored, int orientation) {
  if (orientation == 1) return stored;
  const bool swaps_axes = orientation >= 5;
  const bool mirrors_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool mirrors_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Picture upright{swaps_axes ? stored.height_px : stored.width_px, swaps_axes ? stored.width_px : stored.height_px,
                  stored.channels, std::vector<uint8_t>(stored.pixels.size())};
  auto out = upright.pixels.begin();
  for (int y = 0; y < upright.height_px; ++y) {
    throw_if_cancelled();
    for (int x = 0; x < upright.width_px; ++x) {
      // Where the pixel lies in the stored picture: first along its own axes, then mirrored there.
      const int column = swaps_axes ? y : x, row = swaps_axes ? x : y;
      const int from_x = mirrors_x ? stored.width_px - 1 - column : column;
      const int from_y = mirrors_y ? stored.height_px - 1 - row : row;
      const auto index =
          (static_cast<size_t>(from_y) * static_cast<size_t>(stored.width_px) + static_cast<size_t>(from_x)) *
          static_cast<size_t>(stored.channels);
      out = std::copy_n(stored.pixels.begin() + static_cast<std::ptrdiff_t>(index), stored.channels, out);
    }
  }
  return upright;
}

}  // namespace easel
