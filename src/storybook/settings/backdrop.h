// backdrop.h — the setting behind the subjects: sky, ground and what belongs there, in the light of the hour.
#pragma once

#include "storybook/brush.h"
#include "storybook/random_numbers.h"

namespace easel::storybook {

// The part of the picture's plane that is seen: the unit square, and more of it on the longer sides. y points up.
struct View {
  Point low{0, 0};
  Point high{1, 1};
};

struct Backdrop {
  Brush& brush;
  const Scene& scene;
  View view;
  RandomNumbers random;

  // A colour of the setting in the light of the hour and the weather. Subjects are not dimmed: they stay readable.
  Rgb lit(Rgb colour) const;
  bool has_subject(std::string_view kind) const;  // by name
};

void paint_backdrop(Backdrop& backdrop);

// The sky down to `horizon`, with clouds, stars and the setting sun; rain or snow falling through it.
void paint_sky(Backdrop& backdrop, double horizon);
void paint_weather(Backdrop& backdrop);

void paint_beach(Backdrop& backdrop);
void paint_sea(Backdrop& backdrop);
void paint_park(Backdrop& backdrop);
void paint_forest(Backdrop& backdrop);
void paint_mountains(Backdrop& backdrop);
void paint_snow(Backdrop& backdrop);
void paint_city(Backdrop& backdrop);
void paint_space(Backdrop& backdrop);
void paint_room(Backdrop& backdrop);
void paint_coloured(Backdrop& backdrop);
void paint_meadow(Backdrop& backdrop);
void paint_street(Backdrop& backdrop);
void paint_table(Backdrop& backdrop);
void paint_desert(Backdrop& backdrop);
void paint_open_sky(Backdrop& backdrop);

// Rolling ground from the lower edge to about `height`.
void paint_hills(Backdrop& backdrop, double height, double swing, Rgb colour);

}  // namespace easel::storybook
