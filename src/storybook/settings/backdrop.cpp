#include "storybook/settings/backdrop.h"

#include <algorithm>

namespace easel::storybook {

Rgb Backdrop::lit(Rgb colour) const {
  Rgb result = colour;
  if (scene.weather != Weather::clear)
    result = mix(result, {0.62, 0.66, 0.7}, scene.weather == Weather::fog ? 0.4 : 0.22);
  switch (scene.time) {
    case TimeOfDay::day: return result;
    case TimeOfDay::dawn: return mix(result, {0.97, 0.74, 0.8}, 0.26);
    case TimeOfDay::sunset: return mix(darken(result, 0.1), {0.96, 0.45, 0.24}, 0.3);
    case TimeOfDay::night: return {result.r * 0.25 + 0.02, result.g * 0.3 + 0.03, result.b * 0.46 + 0.08};
  }
  return result;
}

bool Backdrop::has_subject(std::string_view kind) const {
  return std::any_of(scene.subjects.begin(), scene.subjects.end(),
                     [&](const Subject& subject) { return kind_name(subject.kind) == kind; });
}

void paint_hills(Backdrop& backdrop, double height, double swing, Rgb colour) {
  const View& view = backdrop.view;
  std::vector<Point> edge;
  double sign = backdrop.random.chance(50) ? 1 : -1;
  for (double x = view.low.x - 0.15; x < view.high.x + 0.3; x += 0.3, sign = -sign)
    edge.push_back({x, height + sign * swing * backdrop.random.between(0.4, 1)});
  edge.push_back({view.high.x + 0.4, view.low.y - 0.3});
  edge.push_back({view.low.x - 0.4, view.low.y - 0.3});
  backdrop.brush.blob(edge, colour);
}

void paint_backdrop(Backdrop& backdrop) {
  switch (backdrop.scene.setting) {
    case Setting::plain:
      backdrop.brush.gradient(backdrop.view.low, backdrop.view.high, {0.99, 0.99, 0.99}, kWhite);
      break;
    case Setting::beach: paint_beach(backdrop); break;
    case Setting::park: paint_park(backdrop); break;
    case Setting::forest: paint_forest(backdrop); break;
    case Setting::city: paint_city(backdrop); break;
    case Setting::mountains: paint_mountains(backdrop); break;
    case Setting::snow: paint_snow(backdrop); break;
    case Setting::sea: paint_sea(backdrop); break;
    case Setting::space: paint_space(backdrop); break;
    case Setting::room: paint_room(backdrop); break;
    case Setting::coloured: paint_coloured(backdrop); break;
    case Setting::meadow: paint_meadow(backdrop); break;
    case Setting::street: paint_street(backdrop); break;
    case Setting::table: paint_table(backdrop); break;
    case Setting::desert: paint_desert(backdrop); break;
    case Setting::sky: paint_open_sky(backdrop); break;
  }
  if (has_weather(backdrop.scene.setting)) paint_weather(backdrop);
}

}  // namespace easel::storybook
