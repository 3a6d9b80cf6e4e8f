#include "storybook/scene_json.h"

#include <nlohmann/json.hpp>

#include "storybook/held_out.h"

namespace easel::storybook {
namespace {

nlohmann::ordered_json subject_to_json(const Subject& subject) {
  nlohmann::ordered_json json{
      {"kind", kind_name(subject.kind)}, {"colour", colour_name(subject.colour)}, {"count", subject.count}};
  if (subject.accessory != Accessory::none) json["accessory"] = accessory_name(subject.accessory);
  if (subject.accessory == Accessory::hat || subject.accessory == Accessory::scarf)
    json["accessory_colour"] = colour_name(subject.accessory_colour);
  return json;
}

}  // namespace

nlohmann::ordered_json scene_to_json(const Scene& scene) {
  nlohmann::ordered_json json{{"setting", setting_name(scene.setting)},
                              {"time", time_name(scene.time)},
                              {"weather", weather_name(scene.weather)},
                              {"style", style_name(scene.style)},
                              {"relation", relation_name(scene.relation)},
                              {"seed", scene.seed},
                              {"held_out", is_held_out(scene)},
                              {"subjects", nlohmann::ordered_json::array()}};
  if (scene.setting == Setting::coloured) json["ground"] = colour_name(scene.ground);
  for (const Subject& subject : scene.subjects) json["subjects"].push_back(subject_to_json(subject));
  return json;
}

}  // namespace easel::storybook
