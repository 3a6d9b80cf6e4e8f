// tiling.h — convolutions whose borders meet: pictures that can be laid side by side without a seam.
#pragma once

#include "ops/ops.h"

namespace easel {

// Along which axes the right border goes on at the left one, the lower at the upper.
struct TiledAxes {
  bool x = false, y = false;
};

// Every Conv2d that this thread runs while one lives pads with the opposite border instead of zeros along these axes.
// They may nest; the inner one counts.
class ScopedTiling {
 public:
  explicit ScopedTiling(TiledAxes axes);
  ~ScopedTiling();
  ScopedTiling(const ScopedTiling&) = delete;
  ScopedTiling& operator=(const ScopedTiling&) = delete;

 private:
  TiledAxes outer_;
};

TiledAxes current_tiling();

// x: [N, H, W, C], with the padding of `options` along tiled axes taken from the opposite border, and `options` without
// it. Throws InvalidArgument where a side is shorter than its padding.
Tensor padded_by_tiling(const Tensor& x, Conv2dOptions& options);

}  // namespace easel
