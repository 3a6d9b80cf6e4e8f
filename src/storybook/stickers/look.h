// look.h — in which of its pictures a picture kind is shown.
#pragma once

#include "storybook/scene.h"

namespace easel::storybook {

// "3d", "flat", "ink" or "sticker". Styles that are worked on pixels start from "3d".
constexpr const char* look_of(Style style) {
  switch (style) {
    case Style::flat: return "flat";
    case Style::ink: return "ink";
    case Style::sticker: return "sticker";
    default: return "3d";
  }
}

}  // namespace easel::storybook
