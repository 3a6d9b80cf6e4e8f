#include "storybook/scene_labels.h"

#include "storybook/kind_row.h"

namespace easel::storybook {
namespace {

// Each once, in the order of the enumerators.
template <typename T>
std::vector<T> distinct(std::vector<T> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

}  // namespace

bool has_colour(const Subject& subject) {
  const KindRow& row = row_of(subject.kind);
  return !row.picture || row.picture->recolourable || !row.natural.empty();
}

SceneLabels SceneLabels::of(const World& world) {
  const bool pictures = !world.kinds.empty() && row_of(world.kinds.front()).picture;
  const World& known = pictures ? world : World::whole();
  return {.kinds = distinct(known.kinds),
          .colours = distinct(known.colours),
          .accessories = distinct(known.accessories),
          .relations = distinct(known.relations),
          .settings = distinct(known.settings),
          .styles = distinct(known.styles)};
}

}  // namespace easel::storybook
