// drawing.h — scene → picture.
#pragma once

#include <cstdint>
#include <vector>

#include "easel/picture.h"
#include "storybook/scene.h"

namespace easel::storybook {

// RGB, drawn anti-aliased for the size asked for: 16..4096 pixels a side. The same scene and size give the same pixels.
// Composed for squares; other shapes show more of the setting. Thread safe. Throws InvalidArgument for a size out of
// range or a scene without subjects, Unsupported where Easel was built without Cairo.
Picture draw(const Scene& scene, int width_px, int height_px);
Picture draw(const Scene& scene, int size_px);  // square

// A thing of a drawn picture. The box holds all of it, also what something nearer hides, as far as it is in the
// picture.
struct DrawnThing {
  size_t subject = 0;                            // index into Scene::subjects
  int left = 0, top = 0, right = 0, bottom = 0;  // pixels; right and bottom are the first outside
};

// What is where in the picture, known because it was drawn.
struct GroundTruth {
  std::vector<DrawnThing> things;  // the farthest first
  std::vector<uint8_t> nearest;    // for each pixel the thing that is seen there: its index + 1, 0 for the backdrop
};

struct Drawing {
  Picture picture;
  GroundTruth truth;
};

// The picture that draw() gives, and what it shows. Throws as draw() does.
Drawing draw_with_truth(const Scene& scene, int width_px, int height_px);

}  // namespace easel::storybook
