#include "storybook/kinds/draw_sticker.h"

#include "storybook/kinds/face.h"

namespace easel::storybook {

void draw_sticker(Brush& brush, const Look& look, RandomNumbers&) {
  const StickerBox& box = look.sticker->box;
  const double unit = 1 / (box.high - box.low), middle = (box.left + box.right) / 2;
  const auto in_frame = [&](Point at) { return Point{(at.x - middle) * unit, (at.y - box.low) * unit}; };
  brush.image(look.sticker->image, in_frame({0, 0}), in_frame({1, 1}));
  if (const std::optional<Head>& head = look.sticker->head)
    draw_headwear(brush, look, in_frame(head->top), head->width * unit);
}

}  // namespace easel::storybook
