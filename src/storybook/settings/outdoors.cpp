// Settings under the open sky: beach, sea, park, forest, mountains, snow, meadow, desert, the sky itself.
#include <cmath>

#include "storybook/settings/backdrop.h"

namespace easel::storybook {
namespace {

// Wave crests: short light arcs between two heights.
void paint_waves(Backdrop& backdrop, double low, double high, int count, Rgb colour) {
  for (int i = 0; i < count; ++i) {
    const double x = backdrop.random.between(backdrop.view.low.x, backdrop.view.high.x);
    const double y = low + (high - low) * (i + 0.5) / count;
    const double size = 0.04 + 0.05 * (high - y) / (high - low);
    backdrop.brush.curve({{x - size, y},
                          {x - 0.3 * size, y + 0.22 * size},
                          {x + 0.3 * size, y - 0.05 * size},
                          {x + size, y + 0.12 * size}},
                         0.011, plain(colour, 0.85));
  }
}

void paint_bushes(Backdrop& backdrop, double horizon, Rgb colour) {
  std::vector<std::pair<Point, double>> bushes;
  for (double x = backdrop.view.low.x - 0.05; x < backdrop.view.high.x + 0.1; x += 0.13)
    bushes.push_back({{x + backdrop.random.between(-0.03, 0.03), horizon}, backdrop.random.between(0.07, 0.13)});
  backdrop.brush.together([&] {
    for (const auto& [at, size] : bushes) backdrop.brush.ellipse(at, size, size * 0.95, colour);
  });
}

void paint_far_fir(Backdrop& backdrop, Point foot, double height, Rgb colour, Rgb cap) {
  backdrop.brush.within({.origin = foot, .scale = height}, [&] {
    backdrop.brush.polygon({{-0.05, 0}, {0.05, 0}, {0.05, 0.2}, {-0.05, 0.2}}, plain(backdrop.lit(kWood)));
    for (const double y : {0.14, 0.38, 0.6}) {
      const double half = 0.34 - 0.32 * (y - 0.14);
      backdrop.brush.polygon({{-half, y}, {0, y + 0.4}, {half, y}}, colour);
      backdrop.brush.polygon({{-half * 0.4, y + 0.24}, {0, y + 0.4}, {half * 0.4, y + 0.24}}, plain(cap));
    }
  });
}

}  // namespace

void paint_beach(Backdrop& backdrop) {
  constexpr double kHorizon = 0.64, kShore = 0.46;
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  paint_sky(backdrop, kHorizon);
  brush.gradient({view.low.x, kShore - 0.06}, {view.high.x, kHorizon}, backdrop.lit({0.38, 0.8, 0.87}),
                 backdrop.lit({0.1, 0.5, 0.78}));
  paint_waves(backdrop, kShore + 0.05, kHorizon - 0.03, 4, backdrop.lit({0.85, 0.96, 1.0}));
  paint_hills(backdrop, kShore + 0.012, 0.014, backdrop.lit({0.96, 0.98, 0.98}));
  paint_hills(backdrop, kShore - 0.015, 0.014, backdrop.lit({0.96, 0.85, 0.6}));
  for (int i = 0; i < 6; ++i)
    brush.ellipse({backdrop.random.between(view.low.x, view.high.x), backdrop.random.between(0.03, 0.38)}, 0.05, 0.008,
                  plain(backdrop.lit({0.87, 0.73, 0.48}), 0.8));
}

void paint_sea(Backdrop& backdrop) {
  constexpr double kHorizon = 0.66;
  const View& view = backdrop.view;
  paint_sky(backdrop, kHorizon);
  backdrop.brush.gradient({view.low.x, view.low.y}, {view.high.x, kHorizon}, backdrop.lit({0.03, 0.25, 0.55}),
                          backdrop.lit({0.2, 0.6, 0.85}));
  paint_waves(backdrop, view.low.y + 0.03, kHorizon - 0.03, 13, backdrop.lit({0.72, 0.9, 0.98}));
}

void paint_park(Backdrop& backdrop) {
  constexpr double kHorizon = 0.5;
  const View& view = backdrop.view;
  paint_sky(backdrop, kHorizon);
  paint_bushes(backdrop, kHorizon + 0.03, backdrop.lit({0.38, 0.62, 0.36}));
  paint_hills(backdrop, kHorizon - 0.01, 0.02, backdrop.lit({0.55, 0.8, 0.36}));
  const double bend = backdrop.random.between(-0.2, 0.2);
  backdrop.brush.blob({{0.5 + bend, kHorizon - 0.04},
                       {0.56 + bend, kHorizon - 0.04},
                       {0.5, 0.3},
                       {0.84 - bend, -0.12},
                       {0.3 - bend, -0.12},
                       {0.4, 0.3}},
                      plain(backdrop.lit({0.92, 0.86, 0.68})));
  const Rgb petals[] = {{0.98, 0.95, 0.9}, {0.99, 0.85, 0.35}, {0.95, 0.6, 0.7}};
  for (int i = 0; i < 12; ++i)
    backdrop.brush.circle({backdrop.random.between(view.low.x, view.high.x), backdrop.random.between(0.03, 0.42)},
                          0.011, plain(backdrop.lit(petals[i % 3])));
}

void paint_forest(Backdrop& backdrop) {
  constexpr double kGround = 0.34;
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  paint_sky(backdrop, kGround);
  brush.gradient({view.low.x, kGround}, view.high, backdrop.lit({0.6, 0.74, 0.5}), backdrop.lit({0.25, 0.47, 0.28}));
  for (const int row : {0, 1}) {
    const Rgb bark = backdrop.lit(row == 0 ? Rgb{0.44, 0.5, 0.38} : Rgb{0.36, 0.27, 0.19});
    const double half = row == 0 ? 0.022 : 0.034;
    for (double x = view.low.x + 0.04 + 0.1 * row; x < view.high.x + 0.05; x += row == 0 ? 0.13 : 0.27) {
      const double at = x + backdrop.random.between(-0.04, 0.04);
      brush.polygon({{at - half * 1.5, kGround - 0.05 - 0.02 * row},
                     {at - half, view.high.y},
                     {at + half, view.high.y},
                     {at + half * 1.5, kGround - 0.05 - 0.02 * row}},
                    bark);
    }
  }
  paint_bushes(backdrop, view.high.y, backdrop.lit({0.16, 0.38, 0.2}));
  paint_hills(backdrop, kGround, 0.02, backdrop.lit({0.36, 0.55, 0.27}));
  for (int i = 0; i < 7; ++i) {
    const Point at{backdrop.random.between(view.low.x, view.high.x), backdrop.random.between(0.02, kGround - 0.06)};
    brush.curve({{at.x - 0.03, at.y + 0.035}, at, {at.x + 0.03, at.y + 0.035}}, 0.012,
                plain(backdrop.lit({0.24, 0.42, 0.2})));
  }
}

void paint_mountains(Backdrop& backdrop) {
  constexpr double kGround = 0.36;
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  paint_sky(backdrop, kGround);
  for (const int range : {0, 1}) {
    const Rgb rock = backdrop.lit(range == 0 ? Rgb{0.62, 0.68, 0.82} : Rgb{0.44, 0.48, 0.64});
    const Rgb snow = backdrop.lit({0.97, 0.98, 1.0});
    for (double x = view.low.x + 0.02 + 0.2 * range; x < view.high.x + 0.2; x += 0.42) {
      const double peak = (range == 0 ? 0.84 : 0.68) + backdrop.random.between(-0.06, 0.06);
      const double half = 0.3 + backdrop.random.between(-0.03, 0.05);
      const Point top{x + backdrop.random.between(-0.05, 0.05), peak};
      brush.polygon({{x - half, kGround - 0.05}, top, {x + half, kGround - 0.05}}, rock);
      const double cap = 0.3;  // share of the height that is white
      const auto slope = [&](double side, double down) {
        return Point{top.x + (x + side * half - top.x) * down, peak - (peak - kGround + 0.05) * down};
      };
      brush.polygon(
          {top, slope(1, cap), slope(0.3, cap * 0.75), slope(0, cap), slope(-0.4, cap * 0.72), slope(-1, cap)},
          plain(snow));
    }
  }
  paint_hills(backdrop, kGround, 0.025, backdrop.lit({0.5, 0.68, 0.38}));
}

void paint_snow(Backdrop& backdrop) {
  constexpr double kHorizon = 0.5;
  const View& view = backdrop.view;
  paint_sky(backdrop, kHorizon);
  paint_hills(backdrop, kHorizon + 0.04, 0.04, backdrop.lit({0.78, 0.86, 0.95}));
  for (const double x : {view.low.x + 0.1, view.high.x - 0.12, 0.5}) {
    const double size = backdrop.random.between(0.17, 0.26);
    paint_far_fir(backdrop, {x + backdrop.random.between(-0.08, 0.08), kHorizon - 0.02}, size,
                  backdrop.lit({0.25, 0.46, 0.42}), backdrop.lit({0.96, 0.98, 1.0}));
  }
  paint_hills(backdrop, kHorizon - 0.06, 0.03, backdrop.lit({0.92, 0.95, 0.99}));
  for (int i = 0; i < 4; ++i) {
    const Point at{backdrop.random.between(view.low.x, view.high.x), backdrop.random.between(0.04, 0.34)};
    backdrop.brush.curve({{at.x - 0.1, at.y}, {at.x, at.y + 0.02}, {at.x + 0.1, at.y}}, 0.014,
                         plain(backdrop.lit({0.8, 0.87, 0.95})));
  }
}

void paint_meadow(Backdrop& backdrop) {
  constexpr double kHorizon = 0.46;
  const View& view = backdrop.view;
  paint_sky(backdrop, kHorizon);
  paint_hills(backdrop, kHorizon + 0.05, 0.05, backdrop.lit({0.62, 0.82, 0.48}));
  paint_hills(backdrop, kHorizon - 0.06, 0.03, backdrop.lit({0.48, 0.75, 0.36}));
  const Rgb petals[] = {{0.99, 0.98, 0.95}, {0.99, 0.86, 0.35}, {0.96, 0.6, 0.72}, {0.93, 0.42, 0.4}};
  for (int i = 0; i < 22; ++i) {
    const double y = backdrop.random.between(0.02, kHorizon - 0.12);
    backdrop.brush.circle({backdrop.random.between(view.low.x, view.high.x), y}, 0.013 - 0.012 * y,
                          plain(backdrop.lit(petals[i % 4])));
  }
}

void paint_desert(Backdrop& backdrop) {
  constexpr double kHorizon = 0.42;
  paint_sky(backdrop, kHorizon);
  paint_hills(backdrop, kHorizon + 0.04, 0.06, backdrop.lit({0.95, 0.78, 0.5}));
  paint_hills(backdrop, kHorizon - 0.08, 0.05, backdrop.lit({0.91, 0.71, 0.42}));
  paint_hills(backdrop, kHorizon - 0.22, 0.04, backdrop.lit({0.87, 0.65, 0.37}));
}

void paint_open_sky(Backdrop& backdrop) {
  const View& view = backdrop.view;
  paint_sky(backdrop, view.low.y);
  const Rgb cloud = backdrop.lit({0.98, 0.98, 1.0});
  for (const double side : {0.0, 1.0}) {
    const Point at{side + backdrop.random.between(-0.1, 0.1), backdrop.random.between(0.0, 0.16)};
    backdrop.brush.together([&] {
      for (const double dx : {-0.2, -0.06, 0.09, 0.22})
        backdrop.brush.ellipse({at.x + dx, at.y}, 0.13, 0.1 - 0.15 * std::abs(dx), plain(cloud, 0.95));
    });
  }
}

}  // namespace easel::storybook
