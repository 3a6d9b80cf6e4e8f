// picture_orientation.h — turning a picture upright.
#pragma once

#include "easel/picture.h"

namespace easel {

// The picture as it is to be seen, from its stored pixels and its EXIF orientation (EXIF 2.3, tag 0x0112): 1 as it is,
// 2 mirrored left to right, 3 half a turn, 4 mirrored top to bottom, 5 transposed, 6 to be turned clockwise, 7
// transposed over the other diagonal, 8 to be turned counter-clockwise. REQUIRES: orientation in 1..8.
Picture oriented(Picture stored, int orientation);

}  // namespace easel
