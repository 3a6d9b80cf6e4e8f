// patch_filling.h — holes of a picture filled with copies of what is elsewhere in it.
#pragma once

#include <cstdint>
#include <vector>

#include "easel/picture.h"

namespace easel {

// Where `hole` is above 0 the picture is made of patches of 7 x 7 pixels that occur outside it: textures, edges and
// horizons go on, and nothing new appears. From coarse to fine, by Wexler et al. 2007, "Space-time completion of video"
// (section 3), with the patches found by Barnes et al. 2009, "PatchMatch" (section 3). hole: width * height values.
// seed: of the search; the result differs in detail. Keeps the channels; alpha stays. Where no patch is whole outside
// the hole, it is with_holes_filled(). Asks for cancellation.
Picture with_patches_filled(const Picture& picture, const std::vector<float>& hole, uint64_t seed = 0);

}  // namespace easel
