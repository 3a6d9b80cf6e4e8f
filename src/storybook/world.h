// world.h — what may occur in scenes, and the sampling of scenes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storybook/scene.h"

namespace easel::storybook {

// What a model is trained on. A world is data: a model starts on a small one and grows with it.
struct World {
  std::string name;
  std::vector<Kind> kinds;  // one that is listed twice occurs twice as often
  std::vector<Colour> colours;
  std::vector<Setting> settings;
  std::vector<TimeOfDay> times;
  std::vector<Weather> weathers;
  std::vector<Style> styles;
  std::vector<Relation> relations;     // with none
  std::vector<Accessory> accessories;  // with none
  int max_count = 4;
  int max_subjects = 3;

  static World whole();  // everything
  static World first();  // small with one kind of thing in a picture: where a model begins
  static World small();  // 16 kinds, 10 colours, 6 settings, 3 styles: the first model's

  // Makes `kind` occur three times as often: what has a face and limbs takes more examples to learn than a ball. Throws
  // InvalidArgument where the world does not have it.
  void emphasise(Kind kind);
};

// "first", "small", "whole". Throws InvalidArgument with the list.
World find_world(std::string_view name);

// Combinations of a kind with a colour, a setting or a style are held out of training (held_out.h).
// train: scenes without any of them; held_out: scenes with at least one of them; any: both, as they come.
enum class Split { train, held_out, any };
const char* split_name(Split split);
Split find_split(std::string_view name);

// The scene of a seed: the same on every machine (integer arithmetic only). Sensible combinations (a boat on the sea, a
// yellow lemon) come more often than charming ones (a sofa in space, a purple lemon).
Scene sample_scene(const World& world, Split split, uint64_t seed);

}  // namespace easel::storybook
