// winograd_weight_gradient.inl — the gradient of the weights of 3x3 convolutions of stride one through F(4x4, 3x3).
//
// The forward is Y = A^T M A, M = U V summed over input channels, U = G g G^T, V = B^T d B (winograd_transforms.inl),
// so by the chain rule
//   dL/dM = A dY A^T,   dL/dU = sum over tiles of V (dL/dM)^T,   dL/dg = G^T (dL/dU) G:
// 36 products over tiles instead of 9 over pixels, a quarter of the multiplications. A task transforms its channels of
// a chunk of tiles and multiplies, all in its own scratch, in the second-level cache; tiles are transformed again for
// each block of the other side's channels. Relative error of sums over 1,024 and 16,384 pixels 0.65e-6 rms, against
// 0.3e-6 of the direct sum.
#pragma once

#include "ops/cpu/simd/weight_gradient_blocks.inl"
#include "ops/cpu/simd/winograd_tiles.inl"
#include "ops/cpu/simd/winograd_transforms.inl"

// Both sides' planes of 590 KiB, sums of 576 KiB.
constexpr WeightGradientLimits kWinogradLimits{64, 64, 32, 4};

// Worth it where enough of each tile lies inside the picture.
inline bool winograd_applies(const Conv2dWeightGradient& p) {
  if (p.kernel_height != 3 || p.kernel_width != 3 || p.stride != 1) return false;
  const int64_t tiles = ceil_div(p.out_height, kTileOut) * ceil_div(p.out_width, kTileOut);
  return 2 * kTileProducts * tiles < 9 * p.out_height * p.out_width;
}

// Scratch of a task, one after the other in a thread's block.
struct WinogradGradientScratch {
  float* input;         // V: planes of [chunk][row_block]
  float* panels;        // dL/dM: planes of [chunk][column_block], as panels
  float* sums;          // dL/dU: [row_block][36][column_block]
  float* zeros;         // channels outside the picture
  const float** rows;   // [row_block rounded up to kMicroRows]
  int64_t input_plane;  // floats from plane to plane of V
  int64_t panel_plane;  // of dL/dM
};

// Floats from tile to tile of V: whole vectors.
inline int64_t input_line(int64_t rows) { return round_up(rows, kLanes); }
inline int64_t input_plane(const WeightGradientPlan& plan) {
  return plan.chunk * input_line(plan.row_block) + kPlanePadding;
}
inline int64_t gradient_plane(const WeightGradientPlan& plan) { return plan.chunk * plan.column_block + kPlanePadding; }
inline int64_t zeros_needed(const Conv2dWeightGradient& p) {
  return round_up(max_of(p.in_channels, p.out_channels), kLineFloats);
}

inline int64_t scratch_floats(const Conv2dWeightGradient& p, const WeightGradientPlan& plan) {
  return kTileProducts * (input_plane(plan) + gradient_plane(plan) + plan.row_block * plan.column_block) +
         zeros_needed(p) + round_up(plan.row_block, kMicroRows) * kFloatsPerAddress;
}

inline WinogradGradientScratch divide_scratch(const Conv2dWeightGradient& p, const WeightGradientPlan& plan,
                                              float* block) {
  WinogradGradientScratch scratch;
  scratch.input_plane = input_plane(plan);
  scratch.panel_plane = gradient_plane(plan);
  scratch.input = block;
  scratch.panels = scratch.input + kTileProducts * scratch.input_plane;
  scratch.sums = scratch.panels + kTileProducts * scratch.panel_plane;
  scratch.zeros = scratch.sums + kTileProducts * plan.row_block * plan.column_block;
  scratch.rows = reinterpret_cast<const float**>(scratch.zeros + zeros_needed(p));
  memset(scratch.zeros, 0, static_cast<size_t>(zeros_needed(p)) * sizeof(float));
  return scratch;
}

// dL/dM of up to kLanes channels; pixel(i) loads those of pixel i. out: their place in the first plane.
template <typename Load>
inline void transform_gradient_vector(const Load& pixel, float* out, int64_t plane) {
  Vector y[kTileOut * kTileOut], m[kTileProducts];
#pragma GCC unroll 16
  for (int i = 0; i < kTileOut * kTileOut; ++i) y[i] = pixel(i);
  for (int i = 0; i < kTileProducts; ++i) __builtin_prefetch(out + i * plane + kLanes, 1);
  transform_output_adjoint(y, m);
#pragma GCC unroll 36
  for (int i = 0; i < kTileProducts; ++i) store(out + i * plane, m[i]);
}

// dL/dM of tile `k` of the chunk, into panels.
inline void transform_gradient_square(const PixelSquare<kTileOut>& square, const WeightGradientTask& chunk, int64_t k,
                                      const WinogradGradientScratch& scratch) {
  const int64_t vectors = ceil_div(chunk.columns, kLanes);
  for (int64_t v = 0; v < vectors; ++v) {
    const int64_t panel = v / kPanelVectors * kPanelVectors, width = min_of(kPanelVectors, vectors - panel);
    float* const out = scratch.panels + (panel * chunk.terms + k * width + v - panel) * kLanes;
    const int64_t first = chunk.first_column + v * kLanes, lanes = min_of(kLanes, chunk.columns - v * kLanes);
    if (lanes == kLanes)
      transform_gradient_vector([&](int i) { return load(square.pixels[i] + first); }, out, scratch.panel_plane);
    else
      transform_gradient_vector([&](int i) { return load_first(square.pixels[i] + first, lanes); }, out,
                                scratch.panel_plane);
  }
}

inline void transform_chunk(const Conv2dWeightGradient& p, const WinogradTiling& tiling,
                            const WeightGradientTask& chunk, const WinogradGradientScratch& scratch) {
  const PictureBatch inputs{p.x, p.in_height, p.in_width, p.in_channels};
  const PictureBatch gradients{p.grad_y, p.out_height, p.out_width, p.out_channels};
  for (int64_t k = 0; k < chunk.terms; ++k) {
    const PixelPosition tile = tile_position(tiling, chunk.first + k);
    const PixelPosition corner{tile.n, tile.y - p.pad_top, tile.x - p.pad_left};
    transform_input_square(find_square<kTileIn>(inputs, corner, scratch.zeros), chunk.first_row, chunk.rows,
                           scratch.input + k * input_line(chunk.rows), scratch.input_plane);
    transform_gradient_square(find_square<kTileOut>(gradients, tile, scratch.zeros), chunk, k, scratch);
  }
}

// Adds the products of a chunk to dL/dU.
inline void add_tiles(const WeightGradientTask& chunk, const WinogradGradientScratch& scratch, bool accumulate) {
  BlockProduct product;
  product.rows = scratch.rows;
  product.row_count = chunk.rows;
  product.length = chunk.terms;
  product.element_step = input_line(chunk.rows);
  product.vectors = ceil_div(chunk.columns, kLanes);
  product.out_stride = kTileProducts * product.vectors * kLanes;
  product.accumulate = accumulate;
  for (int64_t i = 0; i < kTileProducts; ++i) {
    point_at_columns(scratch.input + i * scratch.input_plane, chunk.rows, scratch.rows);
    product.panels = scratch.panels + i * scratch.panel_plane;
    product.out = scratch.sums + i * product.vectors * kLanes;
    multiply_block(product);
  }
}

// dL/dg of the task's channels from dL/dU. sums: of the part.
inline void transform_sums(const Conv2dWeightGradient& p, const WeightGradientPlan& plan,
                           const WeightGradientTask& task, const WinogradGradientScratch& scratch, float* sums) {
  const int64_t line = round_up(task.columns, kLanes);
  for (int64_t row = 0; row < task.rows; ++row)
    for (int64_t column = 0; column < task.columns; column += kLanes) {
      Vector u[kTileProducts], g[9];
      for (int64_t i = 0; i < kTileProducts; ++i) u[i] = load(scratch.sums + (row * kTileProducts + i) * line + column);
      transform_filter_adjoint(u, g);
      float* const out = sums + (task.first_row + row) * plan.sums_stride + task.first_column + column;
      for (int64_t tap = 0; tap < 9; ++tap) store(out + tap * p.in_channels * plan.sums_stride, g[tap]);
    }
}

inline void grad_weight_winograd(const Conv2dWeightGradient& p) {
  const WinogradTiling tiling = winograd_tiling(p);
  const WeightGradientPlan plan = plan_weight_gradient(p, tiling.tiles, kWinogradLimits);
  compute_weight_gradient(p, plan, scratch_floats(p, plan),
                          [&](const WeightGradientTask& task, float* sums, float* block) {
                            const WinogradGradientScratch scratch = divide_scratch(p, plan, block);
                            for_each_chunk(plan, task, [&](const WeightGradientTask& chunk) {
                              transform_chunk(p, tiling, chunk, scratch);
                              add_tiles(chunk, scratch, chunk.first > task.first);
                            });
                            transform_sums(p, plan, task, scratch, sums);
                          });
}
