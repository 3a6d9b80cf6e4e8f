// arrangement.h — where everything stands in the picture.
#pragma once

#include <vector>

#include "storybook/brush.h"

namespace easel::storybook {

// One thing of a subject. Coordinates of the picture: a unit square, y up, (0, 0) at the lower left.
struct Placement {
  size_t subject = 0;  // index into Scene::subjects
  Point foot;          // middle of its lower edge
  double height = 0.5;
  double aspect = 1;  // width / height
  double angle = 0;
  bool mirrored = false;
  bool grounded = true;  // stands on something, so it has a shadow or a ripple of the water around its foot
  bool holding = false;  // something in its hand
  uint64_t pose = 0;     // seed of its shape
};

// In painting order, the nearest last. A single thing takes about half of the picture's height, those of a group and
// those in a relation about two fifths.
std::vector<Placement> arrange(const Scene& scene);

// How much of each cell of a square picture the things' boxes cover, 0..1: rows * columns values, rows from the top.
std::vector<float> covered_cells(const Scene& scene, int columns, int rows);

}  // namespace easel::storybook
