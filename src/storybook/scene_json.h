// scene_json.h — a scene as JSON, for the metadata of rendered pictures.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "storybook/scene.h"

namespace easel::storybook {

// {"setting":"beach","time":"sunset","weather":"clear","style":"watercolour","relation":"none","seed":7,"held_out":false,
//  "subjects":[{"kind":"cat","colour":"red","count":1}]}; a subject with something on has "accessory", and
// "accessory_colour" where that has one.
nlohmann::ordered_json scene_to_json(const Scene& scene);

}  // namespace easel::storybook
