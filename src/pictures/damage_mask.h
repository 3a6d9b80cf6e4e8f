// damage_mask.h — scratches and holes of a damaged photograph.
#pragma once

#include "easel/picture.h"

namespace easel {

// White where the picture is damaged, black elsewhere; one channel. Damage is
//   what is transparent,
//   scratches: straight lines of lighter or darker pixels, by `contrast` of 255 in all colours than what lies around
//   them, at least a sixth of the picture's shorter side long and at most a fiftieth wide (4 pixels where that is
//   less), holes: spots of pure white or pure black that do not touch the picture's border and cover at most a tenth of
//   it.
// All grown by a pixel, for their soft edges.
Picture damage_mask(const Picture& picture, int contrast = 32);

}  // namespace easel
