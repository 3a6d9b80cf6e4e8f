// face.h — what faces have in common, and what is worn on heads and necks.
#pragma once

#include "storybook/kind_row.h"

namespace easel::storybook {

struct Eyes {
  double spread = 0.4;  // of each eye from the middle
  double y = 0;
  double size = 0.2;  // half height
  Rgb iris = kInk;
  double gaze = 0;  // -1 left .. 1 right
};
void draw_eyes(Brush& brush, const Eyes& eyes);
// A smile of the given half width; the corners rise by `lift`.
void draw_smile(Brush& brush, Point middle, double half_width, double lift, double line_width);

// The hat or the bunny ears of the look, if any, on a head whose crown is at `crown` and that is `width` wide there.
void draw_headwear(Brush& brush, const Look& look, Point crown, double width);
// The scarf of the look, if any, around a neck.
void draw_scarf(Brush& brush, const Look& look, Point neck, double width);

// A lighter tone of the same colour for bellies, muzzles and faces; black things get less of it, to stay black.
Rgb pale_tone(Rgb colour);
// A darker tone of the same colour for what lies behind or in the shade (of black: a lighter one). Near enough that it
// is still called by the same name.
Rgb deep_tone(Rgb colour);

}  // namespace easel::storybook
