// draw where Easel was built without Cairo.
#include "easel/error.h"
#include "storybook/drawing.h"

namespace easel::storybook {

Picture draw(const Scene&, int, int) {
  throw Error(ErrorCode::Unsupported, "[storybook] built without Cairo; install libcairo2-dev and build again");
}

Picture draw(const Scene& scene, int size_px) { return draw(scene, size_px, size_px); }

}  // namespace easel::storybook
