// broken_pictures.h — small pictures, sound and broken, for data sets of tests.
#pragma once

#include <string>

#include "easel/picture.h"

namespace easel::test {

// Of one colour; different shades are different pictures.
Picture plain_picture(int width_px, int height_px, int shade);
// The bytes of a PNG file of it.
std::string png_bytes(int width_px, int height_px, int shade);
// A PNG that ends in the middle of its pixels.
std::string truncated_png();

}  // namespace easel::test
