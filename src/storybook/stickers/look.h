// look.h — in which of its pictures a picture kind is shown.
#pragma once

#include "storybook/kind_row.h"

namespace easel::storybook {

// "3d", "flat", "ink" or "sticker"; empty where the kind has no picture for the style. Styles that are worked on pixels
// start from "3d", or from the next that there is.
inline std::string look_of(const PictureArt& art, Style style) {
  const auto if_there = [&](const char* look) { return art.has(look) ? look : ""; };
  switch (style) {
    case Style::render_3d: return if_there("3d");
    case Style::flat: return if_there("flat");
    case Style::ink: return if_there("ink");
    case Style::sticker: return if_there("sticker");
    default: return art.has("3d") ? "3d" : art.has("flat") ? "flat" : if_there("sticker");
  }
}

}  // namespace easel::storybook
