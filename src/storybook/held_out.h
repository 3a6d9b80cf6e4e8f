// held_out.h — the combinations that no training picture shows: what is right on them was composed, not remembered.
#pragma once

#include <span>

#include "storybook/scene.h"

namespace easel::storybook {

// Three pairs per kind: kind with colour, kind with setting, kind with style.
struct HeldOut {
  Kind kind;
  Colour colour;
  Setting setting;
  Style style;
};

std::span<const HeldOut> held_out_combinations();  // one per kind, in the order of Kind
const HeldOut& held_out_of(Kind kind);

// Whether a subject of the scene is in a held-out pair with its colour, the setting or the style.
bool is_held_out(const Scene& scene);

}  // namespace easel::storybook
