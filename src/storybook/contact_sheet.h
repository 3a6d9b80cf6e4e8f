// contact_sheet.h — many pictures on one, with their captions, to look at.
#pragma once

#include <string>
#include <vector>

#include "easel/picture.h"

namespace easel::storybook {

struct CaptionedPicture {
  Picture picture;
  std::string caption;
};

// RGB. Rows of `columns` pictures; captions are broken into lines of the pictures' width.
// REQUIRES: at least one picture, columns >= 1. Throws Unsupported where Easel was built without Cairo.
Picture contact_sheet(const std::vector<CaptionedPicture>& pictures, int columns);

}  // namespace easel::storybook
