// City, street, space, room, table, and one colour.
#include "storybook/settings/backdrop.h"

namespace easel::storybook {
namespace {

void paint_tower_block(Backdrop& backdrop, double x, double half, double top, Rgb wall) {
  constexpr double kFoot = 0.26;
  Brush& brush = backdrop.brush;
  brush.rectangle({x - half, kFoot}, {x + half, top}, wall);
  const bool night = backdrop.scene.time == TimeOfDay::night;
  for (double y = kFoot + 0.08; y < top - 0.04; y += 0.085)
    for (const double side : {-0.5, 0.5}) {
      const bool lamp = night ? backdrop.random.chance(60) : backdrop.random.chance(15);
      const Rgb pane = lamp ? Rgb{1.0, 0.87, 0.45} : backdrop.lit({0.8, 0.9, 0.97});
      const Point at{x + side * half, y};
      brush.rectangle({at.x - 0.022, at.y - 0.022}, {at.x + 0.022, at.y + 0.022}, plain(pane));
    }
}

void paint_planet(Backdrop& backdrop, Point at, double size) {
  const Rgb colours[] = {{0.85, 0.5, 0.35}, {0.4, 0.62, 0.75}, {0.72, 0.5, 0.75}};
  const Rgb colour = colours[backdrop.random.below(3)];
  backdrop.brush.circle(at, size, colour);
  backdrop.brush.ellipse({at.x, at.y + 0.3 * size}, size * 0.85, size * 0.14, plain(lighten(colour, 0.25), 0.7));
  backdrop.brush.curve(
      {{at.x - 1.6 * size, at.y - 0.3 * size}, {at.x, at.y - 0.12 * size}, {at.x + 1.6 * size, at.y + 0.4 * size}},
      size * 0.16, plain({0.92, 0.85, 0.7}));
}

void paint_window(Backdrop& backdrop, Point middle, double half_width, double half_height) {
  Rgb top{0.45, 0.73, 0.97}, low{0.85, 0.95, 1.0};
  if (backdrop.scene.time == TimeOfDay::night) top = {0.05, 0.07, 0.2}, low = {0.16, 0.19, 0.4};
  if (backdrop.scene.time == TimeOfDay::sunset) top = {0.55, 0.35, 0.6}, low = {1.0, 0.62, 0.3};
  if (backdrop.scene.time == TimeOfDay::dawn) top = {0.66, 0.7, 0.93}, low = {1.0, 0.85, 0.85};
  Brush& brush = backdrop.brush;
  const Rgb frame = backdrop.lit({0.98, 0.97, 0.94});
  const Point low_corner{middle.x - half_width, middle.y - half_height},
      high_corner{middle.x + half_width, middle.y + half_height};
  brush.rectangle({low_corner.x - 0.025, low_corner.y - 0.025}, {high_corner.x + 0.025, high_corner.y + 0.025}, frame);
  brush.gradient(low_corner, high_corner, low, top);
  if (backdrop.scene.time == TimeOfDay::night)
    brush.circle({middle.x + half_width * 0.4, middle.y + half_height * 0.4}, 0.03, plain({0.98, 0.95, 0.8}));
  brush.curve({{middle.x, low_corner.y}, {middle.x, high_corner.y}}, 0.016, plain(frame));
  brush.curve({{low_corner.x, middle.y}, {high_corner.x, middle.y}}, 0.016, plain(frame));
}

}  // namespace

void paint_city(Backdrop& backdrop) {
  constexpr double kPavement = 0.27, kRoad = 0.1;
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  paint_sky(backdrop, kPavement);
  const Rgb walls[] = {{0.72, 0.62, 0.6}, {0.6, 0.66, 0.74}, {0.8, 0.74, 0.64}, {0.58, 0.58, 0.68}};
  int wall = backdrop.random.below(4);
  for (double x = view.low.x + 0.06; x < view.high.x + 0.1; x += 0.18) {
    const double height = backdrop.random.between(0.55, 0.88), width = backdrop.random.between(0.075, 0.09);
    paint_tower_block(backdrop, x + backdrop.random.between(-0.01, 0.01), width, height,
                      backdrop.lit(walls[wall++ % 4]));
  }
  brush.gradient(view.low, {view.high.x, kPavement}, backdrop.lit({0.66, 0.66, 0.68}), backdrop.lit({0.8, 0.79, 0.78}));
  brush.gradient(view.low, {view.high.x, kRoad}, backdrop.lit({0.36, 0.37, 0.41}), backdrop.lit({0.43, 0.44, 0.48}));
  for (double x = view.low.x; x < view.high.x; x += 0.24)
    brush.rectangle({x + 0.04, kRoad * 0.42}, {x + 0.15, kRoad * 0.62}, plain(backdrop.lit({0.95, 0.93, 0.85})));
}

void paint_space(Backdrop& backdrop) {
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  brush.gradient(view.low, view.high, {0.12, 0.07, 0.26}, {0.03, 0.03, 0.11});
  const Rgb clouds[] = {{0.45, 0.2, 0.6}, {0.15, 0.3, 0.6}};
  for (int i = 0; i < 2; ++i)
    brush.glow({backdrop.random.between(0.1, 0.9), backdrop.random.between(0.1, 0.9)}, 0.5, 0.32, clouds[i], 0.5);
  for (int i = 0; i < 34; ++i) {
    const Point at{backdrop.random.between(view.low.x, view.high.x), backdrop.random.between(view.low.y, view.high.y)};
    brush.circle(at, backdrop.random.between(0.005, 0.01), plain({1, 0.98, 0.9}));
  }
  const double radius = backdrop.random.between(0.06, 0.085);
  paint_planet(backdrop, {backdrop.random.chance(50) ? 0.12 : 0.88, backdrop.random.chance(50) ? 0.87 : 0.13}, radius);
}

void paint_room(Backdrop& backdrop) {
  constexpr double kFloor = 0.3;
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  const Rgb papers[] = {{0.97, 0.9, 0.78}, {0.8, 0.88, 0.84}, {0.93, 0.82, 0.82}, {0.83, 0.87, 0.93}};
  const Rgb paper = papers[backdrop.random.below(4)];
  brush.gradient({view.low.x, kFloor}, view.high, backdrop.lit(darken(paper, 0.06)), backdrop.lit(paper));
  for (double x = view.low.x + 0.06; x < view.high.x; x += 0.12)
    brush.curve({{x, kFloor}, {x, view.high.y}}, 0.02, plain(backdrop.lit(lighten(paper, 0.3)), 0.6));
  brush.gradient(view.low, {view.high.x, kFloor}, backdrop.lit({0.7, 0.47, 0.28}), backdrop.lit({0.8, 0.58, 0.37}));
  brush.rectangle({view.low.x - 0.1, kFloor - 0.01}, {view.high.x + 0.1, kFloor + 0.03},
                  backdrop.lit({0.98, 0.96, 0.92}));
  paint_window(backdrop, {backdrop.random.chance(50) ? 0.2 : 0.8, 0.74}, 0.12, 0.15);
  const Rgb rugs[] = {{0.72, 0.3, 0.3}, {0.3, 0.45, 0.6}, {0.85, 0.72, 0.5}};
  const Rgb rug = backdrop.lit(rugs[backdrop.random.below(3)]);
  brush.ellipse({0.5, 0.12}, 0.46, 0.1, rug);
  brush.ellipse({0.5, 0.12}, 0.36, 0.07, plain(lighten(rug, 0.25)));
}

void paint_street(Backdrop& backdrop) {
  constexpr double kPavement = 0.36, kRoad = 0.27;
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  paint_sky(backdrop, kPavement);
  const Rgb walls[] = {
      {0.82, 0.52, 0.42}, {0.62, 0.68, 0.76}, {0.88, 0.78, 0.62}, {0.55, 0.6, 0.7}, {0.78, 0.66, 0.72}};
  int wall = backdrop.random.below(5);
  for (double x = view.low.x + 0.08; x < view.high.x + 0.1; x += 0.2) {
    const double height = backdrop.random.between(0.62, 0.92), width = backdrop.random.between(0.085, 0.1);
    paint_tower_block(backdrop, x + backdrop.random.between(-0.01, 0.01), width, height,
                      backdrop.lit(walls[wall++ % 5]));
  }
  brush.gradient(view.low, {view.high.x, kPavement}, backdrop.lit({0.78, 0.77, 0.76}),
                 backdrop.lit({0.84, 0.83, 0.81}));
  brush.gradient(view.low, {view.high.x, kRoad}, backdrop.lit({0.38, 0.39, 0.43}), backdrop.lit({0.46, 0.47, 0.51}));
  for (double x = view.low.x + backdrop.random.between(-0.1, 0.0); x < view.high.x; x += 0.26)
    brush.polygon({{x, 0.05}, {x + 0.13, 0.05}, {x + 0.14, 0.075}, {x + 0.015, 0.075}},
                  plain(backdrop.lit({0.95, 0.93, 0.86})));
}

void paint_table(Backdrop& backdrop) {
  constexpr double kEdge = 0.36;
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  const Rgb papers[] = {{0.95, 0.9, 0.8}, {0.83, 0.9, 0.88}, {0.93, 0.86, 0.86}, {0.86, 0.9, 0.95}};
  const Rgb paper = papers[backdrop.random.below(4)];
  brush.gradient({view.low.x, kEdge}, view.high, darken(paper, 0.08), paper);
  const Rgb woods[] = {{0.7, 0.47, 0.28}, {0.62, 0.4, 0.24}, {0.8, 0.58, 0.37}};
  const Rgb wood = woods[backdrop.random.below(3)];
  brush.gradient(view.low, {view.high.x, kEdge}, darken(wood, 0.08), lighten(wood, 0.06));
  for (int i = 1; i < 5; ++i) {
    const double y = kEdge * i / 5 + backdrop.random.between(-0.015, 0.015);
    brush.curve({{view.low.x - 0.1, y}, {0.5, y + backdrop.random.between(-0.01, 0.01)}, {view.high.x + 0.1, y}}, 0.008,
                plain(darken(wood, 0.16), 0.6));
  }
  brush.rectangle({view.low.x, kEdge - 0.012}, {view.high.x, kEdge + 0.006}, plain(darken(wood, 0.25)));
}

void paint_coloured(Backdrop& backdrop) {
  const Rgb colour = mix(colour_value(backdrop.scene.ground), kWhite, backdrop.random.between(0.02, 0.14));
  backdrop.brush.gradient(backdrop.view.low, backdrop.view.high, darken(colour, 0.05), colour);
}

}  // namespace easel::storybook
