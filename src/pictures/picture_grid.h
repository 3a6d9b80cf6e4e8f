// picture_grid.h — several pictures as one to look at.
#pragma once

#include <vector>

#include "easel/picture.h"

namespace easel {

// RGB pictures in rows of `columns`, each cell as large as the largest picture, white between them. REQUIRES: at least
// one picture, columns >= 1, every picture with 3 channels.
Picture picture_grid(const std::vector<Picture>& pictures, int columns, int gap_px = 2);

}  // namespace easel
