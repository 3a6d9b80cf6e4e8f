#include "storybook/held_out.h"

#include <algorithm>

#include "storybook/kind_row.h"

namespace easel::storybook {

bool is_held_out(const Scene& scene) {
  return std::any_of(scene.subjects.begin(), scene.subjects.end(), [&](const Subject& subject) {
    const HeldOut& pair = row_of(subject.kind).held_out;
    return subject.colour == pair.colour || scene.setting == pair.setting || scene.style == pair.style;
  });
}

}  // namespace easel::storybook
