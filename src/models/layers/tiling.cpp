#include "models/layers/tiling.h"

#include <algorithm>
#include <string>
#include <utility>

#include "easel/error.h"

namespace easel {
namespace {

thread_local TiledAxes tiled_axes;

Tensor padded(const Tensor& x, int axis, int& before, int& after) {
  const int64_t length = x.dim(axis);
  if (length < std::max(before, after))
    throw Error(ErrorCode::InvalidArgument, "[tile] a side of " + std::to_string(length) +
                                                " is too short for circular padding; take a larger picture");
  std::vector<Tensor> parts;
  if (before > 0) parts.push_back(slice(x, axis, length - before, length));
  parts.push_back(x);
  if (after > 0) parts.push_back(slice(x, axis, 0, after));
  before = after = 0;
  return parts.size() == 1 ? x : concat(parts, axis);
}

}  // namespace

ScopedTiling::ScopedTiling(TiledAxes axes) : outer_(std::exchange(tiled_axes, axes)) {}
ScopedTiling::~ScopedTiling() { tiled_axes = outer_; }

TiledAxes current_tiling() { return tiled_axes; }

Tensor padded_by_tiling(const Tensor& x, Conv2dOptions& options) {
  Tensor result = x;
  if (tiled_axes.y) result = padded(result, 1, options.padding.top, options.padding.bottom);
  if (tiled_axes.x) result = padded(result, 2, options.padding.left, options.padding.right);
  return result;
}

}  // namespace easel
