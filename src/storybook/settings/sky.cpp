// The sky of the hour, and what falls from it.
#include "storybook/settings/backdrop.h"

namespace easel::storybook {
namespace {

struct SkyColours {
  Rgb top, low;
};

SkyColours sky_colours(TimeOfDay time, Weather weather) {
  constexpr Rgb kGrey{0.66, 0.71, 0.78}, kMist{0.86, 0.88, 0.9};
  SkyColours sky{};
  switch (time) {
    case TimeOfDay::day: sky = {{0.35, 0.67, 0.96}, {0.82, 0.94, 1.0}}; break;
    case TimeOfDay::dawn: sky = {{0.62, 0.68, 0.93}, {1.0, 0.84, 0.83}}; break;
    case TimeOfDay::sunset: sky = {{0.47, 0.3, 0.6}, {1.0, 0.6, 0.28}}; break;
    case TimeOfDay::night: sky = {{0.04, 0.05, 0.16}, {0.15, 0.18, 0.4}}; break;
  }
  if (weather == Weather::clear) return sky;
  const double share = time == TimeOfDay::night ? 0.16 : weather == Weather::cloudy ? 0.5 : 0.68;
  const Rgb veil = weather == Weather::fog ? kMist : kGrey;
  return {mix(sky.top, veil, share), mix(sky.low, veil, share)};
}

void paint_cloud(Backdrop& backdrop, Point middle, double size, Rgb colour) {
  const double a = backdrop.random.between(0.32, 0.42);
  backdrop.brush.within({.origin = middle, .scale = size}, [&] {
    backdrop.brush.together([&] {
      backdrop.brush.ellipse({-0.42, 0}, 0.32, 0.22, colour);
      backdrop.brush.ellipse({0.45, -0.02}, 0.34, 0.2, colour);
      backdrop.brush.ellipse({0.04, 0.12}, a, a * 0.85, colour);
    });
  });
}

void paint_clouds(Backdrop& backdrop) {
  Rgb colour = backdrop.lit({0.98, 0.98, 1.0});
  if (backdrop.scene.weather == Weather::rain) colour = backdrop.lit({0.6, 0.63, 0.7});
  for (double x = backdrop.view.low.x + 0.12; x < backdrop.view.high.x + 0.1; x += 0.36) {
    const double size = backdrop.random.between(0.19, 0.26);
    paint_cloud(backdrop, {x + backdrop.random.between(-0.06, 0.06), backdrop.random.between(0.8, 0.94)}, size, colour);
  }
}

void paint_stars_and_moon(Backdrop& backdrop, double horizon) {
  for (int i = 0; i < 22; ++i) {
    const Point at{backdrop.random.between(backdrop.view.low.x, backdrop.view.high.x),
                   backdrop.random.between(horizon + 0.04, backdrop.view.high.y)};
    backdrop.brush.circle(at, backdrop.random.between(0.005, 0.009), plain({1, 0.97, 0.85}, 0.95));
  }
  if (backdrop.has_subject("moon")) return;
  const Point moon{backdrop.random.chance(50) ? 0.13 : 0.87, 0.87};
  backdrop.brush.glow(moon, 0.16, 0.16, {0.8, 0.85, 1.0}, 0.4);
  backdrop.brush.circle(moon, 0.06, plain({0.98, 0.96, 0.85}));
}

void paint_low_sun(Backdrop& backdrop, double horizon) {
  const double x = backdrop.random.between(0.12, 0.88);
  const bool sunset = backdrop.scene.time == TimeOfDay::sunset;
  backdrop.brush.glow({x, horizon}, 0.6, 0.34, sunset ? Rgb{1.0, 0.82, 0.4} : Rgb{1.0, 0.93, 0.8}, 0.85);
  if (!backdrop.has_subject("sun"))
    backdrop.brush.circle({x, horizon + 0.02}, 0.1, plain(sunset ? Rgb{1.0, 0.86, 0.45} : Rgb{1.0, 0.95, 0.82}));
}

}  // namespace

void paint_sky(Backdrop& backdrop, double horizon) {
  const SkyColours sky = sky_colours(backdrop.scene.time, backdrop.scene.weather);
  backdrop.brush.gradient({backdrop.view.low.x, horizon - 0.05}, backdrop.view.high, sky.low, sky.top);
  const bool clear = backdrop.scene.weather == Weather::clear;
  if (clear && backdrop.scene.time == TimeOfDay::night) paint_stars_and_moon(backdrop, horizon);
  if (clear && (backdrop.scene.time == TimeOfDay::sunset || backdrop.scene.time == TimeOfDay::dawn))
    paint_low_sun(backdrop, horizon);
  if (backdrop.scene.weather == Weather::cloudy || backdrop.scene.weather == Weather::rain) paint_clouds(backdrop);
}

void paint_weather(Backdrop& backdrop) {
  const View& view = backdrop.view;
  Brush& brush = backdrop.brush;
  const auto somewhere = [&] {
    return Point{backdrop.random.between(view.low.x, view.high.x), backdrop.random.between(view.low.y, view.high.y)};
  };
  if (backdrop.scene.weather == Weather::rain)
    for (int i = 0; i < 46; ++i) {
      const Point at = somewhere();
      brush.curve({at, {at.x - 0.025, at.y - 0.085}}, 0.009, plain({0.84, 0.9, 1.0}, 0.75));
    }
  if (backdrop.scene.weather == Weather::snowfall)
    for (int i = 0; i < 44; ++i) {
      const double radius = backdrop.random.between(0.008, 0.016);
      brush.circle(somewhere(), radius, plain(kWhite, 0.95));
    }
  if (backdrop.scene.weather == Weather::fog)
    for (const double y : {0.3, 0.48, 0.62})
      brush.glow({backdrop.random.between(0.2, 0.8), y}, 0.95, 0.13, backdrop.lit({0.96, 0.97, 0.98}), 0.8);
}

}  // namespace easel::storybook
