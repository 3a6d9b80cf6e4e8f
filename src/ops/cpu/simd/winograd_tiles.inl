// winograd_tiles.inl — the tiles of F(4x4, 3x3): where they lie, and their transformed input.
#pragma once

#include "ops/cpu/simd/pixel_position.inl"
#include "ops/cpu/simd/tiling.inl"
#include "ops/cpu/simd/winograd_transforms.inl"

constexpr int64_t kPlanePadding = 16;  // floats between planes, so that 36 of them do not share one set of the cache

// 4x4 pixels of the result each, row by row, picture by picture.
struct WinogradTiling {
  int64_t tile_rows, tile_columns;  // of one picture
  int64_t tiles;                    // in all
};
inline WinogradTiling winograd_tiling(const Conv2dGeometry& g) {
  const int64_t rows = ceil_div(g.out_height, kTileOut), columns = ceil_div(g.out_width, kTileOut);
  return {rows, columns, g.batch * rows * columns};
}

// The first pixel of a tile's result.
inline PixelPosition tile_position(const WinogradTiling& tiling, int64_t tile) {
  return {tile / (tiling.tile_rows * tiling.tile_columns), tile / tiling.tile_columns % tiling.tile_rows * kTileOut,
          tile % tiling.tile_columns * kTileOut};
}

struct PictureBatch {
  const float* pixels;  // [N, height, width, channels]
  int64_t height, width, channels;
};

// Addresses of the channels of a square of kExtent^2 pixels, row by row.
template <int kExtent>
struct PixelSquare {
  const float* pixels[kExtent * kExtent];
};

// The square from (y, x) of picture n. Pixels outside are `zeros`: [channels].
template <int kExtent>
inline PixelSquare<kExtent> find_square(const PictureBatch& pictures, const PixelPosition& first, const float* zeros) {
  PixelSquare<kExtent> square;
  const int64_t corner = (first.n * pictures.height + first.y) * pictures.width + first.x;
  const bool whole =
      first.y >= 0 && first.y + kExtent <= pictures.height && first.x >= 0 && first.x + kExtent <= pictures.width;
  for (int64_t y = 0; y < kExtent; ++y)
    for (int64_t x = 0; x < kExtent; ++x) {
      const bool inside = whole || (first.y + y >= 0 && first.y + y < pictures.height && first.x + x >= 0 &&
                                    first.x + x < pictures.width);
      const int64_t pixel = corner + y * pictures.width + x;
      square.pixels[y * kExtent + x] = inside ? pictures.pixels + pixel * pictures.channels : zeros;
    }
  return square;
}

// V of up to kLanes channels; pixel(i) loads those of pixel i. out: their place in the first plane.
template <typename Load>
inline void transform_input_vector(const Load& pixel, float* out, int64_t plane) {
  Vector d[kTileProducts];
#pragma GCC unroll 36
  for (int i = 0; i < kTileProducts; ++i) d[i] = pixel(i);
  // The next line of each plane: stores wait for one another, and would wait for each line to come.
  for (int i = 0; i < kTileProducts; ++i) __builtin_prefetch(out + i * plane + kLanes, 1);
  transform_input(d);
#pragma GCC unroll 36
  for (int i = 0; i < kTileProducts; ++i) store(out + i * plane, d[i]);
}

// V of `channels` channels from `first` on, one line in each plane of `out`, filled up with zeros to whole vectors.
inline void transform_input_square(const PixelSquare<kTileIn>& square, int64_t first, int64_t channels, float* out,
                                   int64_t plane) {
  int64_t c = 0;
  for (; c + kLanes <= channels; c += kLanes)
    transform_input_vector([&](int i) { return load(square.pixels[i] + first + c); }, out + c, plane);
  if (c < channels)
    transform_input_vector([&](int i) { return load_first(square.pixels[i] + first + c, channels - c); }, out + c,
                           plane);
}
