#include "pictures/picture_grid.h"

#include <algorithm>
#include <cstddef>

#include "tensor/cancellation_scope.h"

namespace easel {

Picture picture_grid(const std::vector<Picture>& pictures, int columns, int gap_px) {
  int cell_width = 0, cell_height = 0;
  for (const Picture& picture : pictures) {
    cell_width = std::max(cell_width, picture.width_px);
    cell_height = std::max(cell_height, picture.height_px);
  }
  const int count = static_cast<int>(pictures.size());
  const int rows = (count + columns - 1) / columns;
  Picture grid;
  grid.width_px = columns * (cell_width + gap_px) - gap_px;
  grid.height_px = rows * (cell_height + gap_px) - gap_px;
  grid.pixels.assign(size_t{3} * static_cast<size_t>(grid.width_px) * static_cast<size_t>(grid.height_px), 255);
  for (int i = 0; i < count; ++i) {
    const Picture& picture = pictures[static_cast<size_t>(i)];
    const int left = i % columns * (cell_width + gap_px), top = i / columns * (cell_height + gap_px);
    for (int y = 0; y < picture.height_px; ++y) {
      throw_if_cancelled();
      const auto row = picture.pixels.begin() + static_cast<std::ptrdiff_t>(3) * y * picture.width_px;
      std::copy_n(row, 3 * picture.width_px,
                  grid.pixels.begin() + static_cast<std::ptrdiff_t>(3) * ((top + y) * grid.width_px + left));
    }
  }
  return grid;
}

}  // namespace easel
