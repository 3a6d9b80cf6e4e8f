// draw_sticker.h — the painter of all kinds that are pictures.
#pragma once

#include "storybook/kind_row.h"
#include "storybook/stickers/sticker.h"

namespace easel::storybook {

// A sticker as a scene shows it: in the size and colour that are wanted.
struct StickerView {
  const ArgbImage& image;
  StickerBox box;
  std::optional<Head> head = {};  // in units of the image's side
};

// The image, its box filling the frame, and what is worn on its head. REQUIRES: look.sticker.
void draw_sticker(Brush& brush, const Look& look, RandomNumbers& random);

}  // namespace easel::storybook
