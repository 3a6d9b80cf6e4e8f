// drawing.h — scene → picture.
#pragma once

#include "easel/picture.h"
#include "storybook/scene.h"

namespace easel::storybook {

// RGB, drawn anti-aliased for the size asked for: 16..4096 pixels a side. The same scene and size give the same pixels.
// Composed for squares; other shapes show more of the setting. Thread safe. Throws InvalidArgument for a size out of
// range or a scene without subjects, Unsupported where Easel was built without Cairo.
Picture draw(const Scene& scene, int width_px, int height_px);
Picture draw(const Scene& scene, int size_px);  // square

}  // namespace easel::storybook
