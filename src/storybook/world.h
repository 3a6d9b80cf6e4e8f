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
  // What pictures have unless something else is said: it comes `usual_weight` times where another style comes twice,
  // and captions may leave it out.
  Style usual_style = Style::flat;
  int usual_weight = 3;
  int max_count = 4;
  int max_subjects = 3;

  static World whole();  // everything
  static World first();  // small with one kind of thing in a picture: where a model begins
  static World small();  // 16 kinds, 10 colours, 6 settings, 3 styles: the first model's
  // Kinds that are pictures (stickers/), on more settings, in the looks that those come in and in painters' styles.
  static World picturebook();
  static World picturebook_core();  // its commonest kinds, and no ink drawings: what a small model can learn

  // The same kinds one at a time, on nothing but a colour, as pictures usually are: where a model learns what words
  // look like. Its name ends in "_bare".
  World bare() const;

  // Makes `kind` occur three times as often: what has a face and limbs takes more examples to learn than a ball. Throws
  // InvalidArgument where the world does not have it.
  void emphasise(Kind kind);
};

// "first", "small", "whole", "picturebook", "picturebook_core", and each with "_bare". Throws InvalidArgument with the
// list.
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
