// hole_filling.h — holes of a picture filled from what is around them.
#pragma once

#include <vector>

#include "easel/picture.h"

namespace easel {

// Where `hole` is 1 the colour comes from the known pixels around, smoothly; where it is 0 the picture stays; between
// them both mix. By pull and push over a pyramid of halved pictures (Gortler et al. 1996, "The lumigraph",
// section 3.5). hole: width * height values. A picture without known pixels becomes grey. Keeps the channels; alpha
// stays.
Picture with_holes_filled(const Picture& picture, const std::vector<float>& hole);

}  // namespace easel
