#include "storybook/kinds/face.h"

namespace easel::storybook {
namespace {

constexpr double kDark = 0.25;  // luma below which a colour counts as black

void draw_hat(Brush& brush, Rgb colour, Point crown, double width) {
  brush.within({.origin = crown, .scale = width}, [&] {
    brush.polygon({{-0.34, -0.04}, {-0.29, 0.52}, {0.29, 0.52}, {0.34, -0.04}}, colour);
    brush.polygon({{-0.33, 0.06}, {-0.315, 0.2}, {0.315, 0.2}, {0.33, 0.06}},
                  plain(luma(colour) < kDark ? colour_value(Colour::red) : mix(colour, kInk, 0.6)));
    brush.ellipse({0, 0}, 0.62, 0.1, colour);
    brush.ellipse({0, 0.52}, 0.29, 0.05, plain(lighten(colour, 0.2)));
  });
}

// Of cloth, on a band: white outside, pink inside, whatever the colour of who wears them.
void draw_bunny_ears(Brush& brush, Point crown, double width) {
  const Rgb cloth{0.98, 0.96, 0.95};
  brush.within({.origin = crown, .scale = width}, [&] {
    for (const double side : {-1.0, 1.0}) {
      const double lean = -side * 0.2;
      brush.ellipse({side * 0.3, 0.4}, 0.16, 0.5, cloth, lean);
      brush.ellipse({side * 0.3, 0.38}, 0.08, 0.36, plain({0.98, 0.6, 0.7}), lean);
    }
    brush.curve({{-0.5, -0.16}, {-0.3, 0.0}, {0, 0.05}, {0.3, 0.0}, {0.5, -0.16}}, 0.09, cloth);
  });
}

}  // namespace

Rgb pale_tone(Rgb colour) { return lighten(colour, luma(colour) < kDark ? 0.2 : 0.5); }

Rgb deep_tone(Rgb colour) {
  const double light = luma(colour);
  return light < kDark ? lighten(colour, 0.15) : darken(colour, light > 0.85 ? 0.1 : 0.18);
}

void draw_eyes(Brush& brush, const Eyes& eyes) {
  const double s = eyes.size;
  for (const double side : {-1.0, 1.0}) {
    const Point centre{side * eyes.spread, eyes.y};
    const Point pupil{centre.x + eyes.gaze * 0.22 * s, centre.y - 0.06 * s};
    brush.ellipse(centre, 0.84 * s, s, Rgb{0.99, 0.99, 0.97});
    brush.ellipse(pupil, 0.58 * s, 0.72 * s, plain(eyes.iris));
    brush.ellipse(pupil, 0.36 * s, 0.52 * s, plain(kInk));
    brush.circle({pupil.x - 0.18 * s, pupil.y + 0.3 * s}, 0.2 * s, plain(kWhite));
  }
}

void draw_smile(Brush& brush, Point middle, double half_width, double lift, double line_width) {
  brush.curve({{middle.x - half_width, middle.y + lift}, middle, {middle.x + half_width, middle.y + lift}}, line_width,
              plain(kInk));
}

void draw_headwear(Brush& brush, const Look& look, Point crown, double width) {
  if (look.accessory == Accessory::hat) draw_hat(brush, look.accessory_colour, crown, width);
  if (look.accessory == Accessory::bunny_ears) draw_bunny_ears(brush, crown, width);
}

void draw_scarf(Brush& brush, const Look& look, Point neck, double width) {
  if (look.accessory != Accessory::scarf) return;
  const Rgb colour = look.accessory_colour;
  const Rgb stripe = luma(colour) > 0.6 ? darken(colour, 0.25) : lighten(colour, 0.45);
  brush.within({.origin = neck, .scale = width}, [&] {
    brush.polygon({{0.12, 0}, {0.2, -0.75}, {0.44, -0.72}, {0.4, 0}}, colour);
    brush.curve({{0.2, -0.6}, {0.42, -0.57}}, 0.07, plain(stripe));
    brush.curve({{-0.44, 0.08}, {0, -0.06}, {0.44, 0.08}}, 0.3, colour);
    for (const double x : {-0.3, -0.02, 0.26}) brush.curve({{x, 0.1}, {x + 0.04, -0.1}}, 0.06, plain(stripe));
  });
}

}  // namespace easel::storybook
