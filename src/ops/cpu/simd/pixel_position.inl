// pixel_position.inl — pixels of a batch of pictures, by counters instead of divisions.
#pragma once

struct PixelPosition {
  int64_t n, y, x;
};

// Pixel `index` of a convolution's results, counted over N, H_out and W_out.
inline PixelPosition result_position(const Conv2dGeometry& g, int64_t index) {
  return {index / (g.out_height * g.out_width), index / g.out_width % g.out_height, index % g.out_width};
}

// The result after `position`.
inline void advance(const Conv2dGeometry& g, PixelPosition& position) {
  if (++position.x < g.out_width) return;
  position.x = 0;
  if (++position.y < g.out_height) return;
  position.y = 0;
  ++position.n;
}
