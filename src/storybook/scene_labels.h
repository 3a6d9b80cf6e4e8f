// scene_labels.h — the classes that a scorer tells apart, each list in the order of its classes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "storybook/world.h"

namespace easel::storybook {

struct SceneLabels {
  std::vector<Kind> kinds;
  std::vector<Colour> colours;
  std::vector<Accessory> accessories;
  std::vector<Relation> relations;
  std::vector<Setting> settings;
  std::vector<Style> styles;

  // Of a world of pictures what it has; of the other worlds all that code draws, so that a scorer of one knows the rest
  // from what it is asked for.
  static SceneLabels of(const World& world);

  bool operator==(const SceneLabels&) const = default;
};

// Whether the subject has a colour that can be asked for: a many-coloured picture has none.
bool has_colour(const Subject& subject);

// The class of a value; -1 where the list does not have it.
template <typename T>
int32_t label_of(const std::vector<T>& labels, T value) {
  const auto found = std::find(labels.begin(), labels.end(), value);
  return found == labels.end() ? -1 : static_cast<int32_t>(found - labels.begin());
}

}  // namespace easel::storybook
