// held_out.h — the combinations that no training picture shows: what is right on them was composed, not remembered.
#pragma once

#include "storybook/scene.h"

namespace easel::storybook {

// Whether a subject of the scene is with the colour, the setting or the style that its kind's row holds out.
bool is_held_out(const Scene& scene);

}  // namespace easel::storybook
