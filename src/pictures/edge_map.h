// edge_map.h — the edges of a picture as lines: Canny 1986, "A computational approach to edge detection",
// doi:10.1109/TPAMI.1986.4767851.
#pragma once

#include "easel/picture.h"

namespace easel {

// Thresholds on the gradient of the luma (0..255 per pixel, by Sobel's operator): from `high` on an edge begins, down
// to `low` it goes on.
struct EdgeThresholds {
  double low = 100;
  double high = 200;
};

// RGB of the same size: white lines, one pixel wide, on black. Transparency is ignored.
Picture edge_map(const Picture& picture, const EdgeThresholds& thresholds = {});

}  // namespace easel
