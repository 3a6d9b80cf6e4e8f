// winograd.inl — 3x3 convolutions of stride one by Winograd's minimal filtering, F(4x4, 3x3).
//
// A quarter of the direct multiplications, for transforms whose cost shrinks with the number of channels. The result is
// cut into tiles of 4x4 pixels. For a group of tiles (bounded memory: kInputBudgetFloats), in two passes:
//   1. each tile's 6x6 input pixels are transformed:                 V [36][tiles][C_in]
//   2. for each block of output channels and block of tiles: filters are transformed as they are unpacked, a chunk of
//      channels at a time, U [36][channels][columns]; 36 matrix products M = V U; tiles of M are transformed back and
//      finished (bias, activation, residual) straight into the result.
// With few channels a group is one task's, small enough for V to stay in the second-level cache between the passes.
// With many, V would be too large or be computed again for each block of columns: then all threads share each pass.
// Transformed filters are never kept: they would be four times the size of the f16 weights, in f32 eight times.
// Relative error 0.8e-6 rms for 64 channels and 1.2e-6 for 1280, against 0.3e-6 of the direct sum.
#pragma once

#include "ops/cpu/simd/epilogue.inl"
#include "ops/cpu/simd/micro_kernel.inl"
#include "ops/cpu/simd/pack.inl"
#include "ops/cpu/simd/tiling.inl"
#include "ops/cpu/simd/winograd_tiles.inl"
#include "ops/cpu/simd/winograd_transforms.inl"

constexpr int64_t kInputBudgetFloats = int64_t{8} << 20;  // most of V: 32 MiB
constexpr int64_t kOwnInputFloats = int64_t{128} << 10;   // most of V for a task with its own group: 512 KiB
constexpr int64_t kOwnInputTiles = 48;                    // fewest tiles of such a group
constexpr int64_t kFilterChunk = 192;                     // channels transformed at once: U of 0.9 MiB
constexpr int64_t kTileBlock = 96;                        // tiles of a task: M of 0.4 MiB
constexpr int64_t kWinogradColumns = 32;                  // most output channels of a task
constexpr int64_t kWinogradPanel = 2;  // vectors of a panel: enough accumulators, and half the lines of U in use

struct WinogradPlan : WinogradTiling {
  bool own_groups;  // a task computes a whole group
  int64_t group;    // tiles of a group
  int64_t tile_block;
  int64_t columns, column_blocks;  // output channels of a task
  int64_t chunk;                   // channels of a chunk
  int64_t input_line;              // floats from tile to tile of V: C_in in whole vectors
  int64_t input_plane;             // from plane to plane
};

// Worth it where the products saved outweigh the transforms; decided by one picture's shape, so that a picture's result
// does not depend on its batch.
inline bool winograd_applies(const Conv2dProblem& p) {
  if (p.kernel_height != 3 || p.kernel_width != 3 || p.stride != 1 || p.activation == Activation::geglu) return false;
  if (p.in_channels < 16) return false;  // the transforms would cost as much as the products saved
  const int64_t tiles = ceil_div(p.out_height, kTileOut) * ceil_div(p.out_width, kTileOut);
  // Multiply-adds in whose time one filter is transformed and packed, of a picture in a batch of two.
  constexpr int64_t kFilterCost = 100;
  return kTileProducts * tiles + kFilterCost < 9 * p.out_height * p.out_width;
}

// Tiles of a group. V is read once per column block: the smaller a group that still keeps all threads busy, the nearer
// V stays.
inline int64_t group_tiles(const WinogradPlan& plan) {
  const int64_t line = kTileProducts * plan.input_line, tasks = kTasksPerThread * num_threads();
  if (plan.own_groups) {
    const int64_t affordable = min_of(kTileBlock, kOwnInputFloats / line);
    return balanced_block(plan.tiles, max_of(4 * kMicroRows, min_of(affordable, ceil_div(plan.tiles, tasks))), 1);
  }
  const int64_t wanted = kTileBlock * ceil_div(tasks, plan.column_blocks);
  return balanced_block(plan.tiles, min_of(wanted, max_of(kMicroRows, kInputBudgetFloats / line)), 1);
}

inline WinogradPlan plan_winograd(const Conv2dProblem& p) {
  WinogradPlan plan{winograd_tiling(p), false, 0, 0, 0, 0, 0, 0, 0};
  plan.input_line = round_up(p.in_channels, kLanes);
  plan.own_groups = kTileProducts * plan.input_line * kOwnInputTiles <= kOwnInputFloats;
  plan.columns = balanced_block(p.out_channels, kWinogradColumns, kLanes);
  plan.column_blocks = ceil_div(p.out_channels, plan.columns);
  plan.group = group_tiles(plan);
  plan.tile_block = balanced_block(plan.group, kTileBlock, kMicroRows);
  // The chunk decides the order of the sums' terms: it must not depend on the number of threads.
  plan.chunk = balanced_block(p.in_channels, kFilterChunk, 8);
  plan.input_plane = plan.group * plan.input_line + kPlanePadding;
  return plan;
}

// Scratch of a task of the second pass.
struct WinogradScratch {
  float* filters;       // [8 channels * 9 taps][columns]: unpacked
  float* panels;        // U: planes of [chunk][columns], as panels
  int64_t panel_plane;  // floats from plane to plane of U
  float* products;      // M: [tile_block][36][columns]
  const float** rows;   // [tile_block]: the tiles in the first plane of V
};

constexpr int64_t kFilterFloats = 8 * 9 * kWinogradColumns;
inline int64_t panel_plane(const WinogradPlan& plan) { return plan.chunk * plan.columns + kPlanePadding; }

inline int64_t scratch_floats(const WinogradPlan& plan) {
  return kFilterFloats + kTileProducts * (panel_plane(plan) + plan.tile_block * plan.columns) +
         plan.tile_block * kFloatsPerAddress;
}

inline WinogradScratch divide_scratch(const WinogradPlan& plan, float* block) {
  WinogradScratch scratch;
  scratch.filters = block;
  scratch.panels = scratch.filters + kFilterFloats;
  scratch.panel_plane = panel_plane(plan);
  scratch.products = scratch.panels + kTileProducts * scratch.panel_plane;
  scratch.rows = reinterpret_cast<const float**>(scratch.products + kTileProducts * plan.tile_block * plan.columns);
  return scratch;
}

// What a task of the second pass computes: tiles first .. first + tiles - 1 of the group times a block of columns.
struct WinogradTask {
  ColumnBlock block;
  const float* input = nullptr;  // V of the group
  int64_t first = 0, tiles = 0;
};

// U of the block's columns for the channels first .. first + channels - 1.
inline void transform_filters(const Conv2dProblem& p, const WinogradPlan& plan, const ColumnBlock& block, int64_t first,
                              int64_t channels, const WinogradScratch& scratch) {
  const PackSource source{p.weight, p.weight_dtype, p.in_channels * 9};
  const PackOrder order{9, 9, 1};  // line: channel * 9 + tap, as stored
  for (int64_t c = 0; c < channels; c += 8) {
    const int64_t count = min_of(8, channels - c);
    for (int64_t v = 0; v < block.vectors; ++v) {
      const ChannelRange columns = channels_of(p, block, v);
      float* const filters = scratch.filters + v * kLanes;
      pack_columns(source, {columns.first, columns.count, first + c, count}, order, filters, plan.columns);
      const int64_t panel = v / kWinogradPanel * kWinogradPanel;
      const int64_t width = min_of(kWinogradPanel, block.vectors - panel);
      float* const out = scratch.panels + panel * channels * kLanes + (v - panel) * kLanes;
      for (int64_t k = 0; k < count; ++k) {
        Vector g[9], u[kTileProducts];
        for (int tap = 0; tap < 9; ++tap) g[tap] = load(filters + (k * 9 + tap) * plan.columns);
        transform_filter(g, u);
        for (int i = 0; i < kTileProducts; ++i) store(out + i * scratch.panel_plane + (c + k) * width * kLanes, u[i]);
      }
    }
  }
}

// M = V U over all channels.
inline void multiply_tiles(const Conv2dProblem& p, const WinogradPlan& plan, const WinogradTask& task,
                           const WinogradScratch& scratch) {
  for (int64_t tile = 0; tile < round_up(task.tiles, kMicroRows); ++tile)
    scratch.rows[tile] = task.input + (task.first + min_of(tile, task.tiles - 1)) * plan.input_line;
  BlockProduct product;
  product.rows = scratch.rows;
  product.row_count = task.tiles;
  product.vectors = task.block.vectors;
  product.panel_vectors = kWinogradPanel;
  product.out_stride = kTileProducts * plan.columns;
  for (int64_t channel = 0; channel < p.in_channels; channel += plan.chunk) {
    product.length = min_of(plan.chunk, p.in_channels - channel);
    product.accumulate = channel > 0;
    transform_filters(p, plan, task.block, channel, product.length, scratch);
    for (int64_t i = 0; i < kTileProducts; ++i) {
      product.first = i * plan.input_plane + channel;
      product.next_first = i + 1 < kTileProducts ? product.first + plan.input_plane : -1;
      product.panels = scratch.panels + i * scratch.panel_plane;
      product.out = scratch.products + i * plan.columns;
      multiply_block(product);
    }
  }
}

// Turns a tile's M into results. products: [36][columns].
inline void finish_tile(const Conv2dProblem& p, const WinogradPlan& plan, const ColumnBlock& block, int64_t tile,
                        const float* products) {
  const PixelPosition position = tile_position(plan, tile);
  alignas(64) float sums[kTileOut * kTileOut][kWinogradColumns];
  for (int64_t v = 0; v < block.vectors; ++v) {
    Vector m[kTileProducts], y[kTileOut * kTileOut];
    for (int i = 0; i < kTileProducts; ++i) m[i] = load(products + i * plan.columns + v * kLanes);
    transform_output(m, y);
    for (int i = 0; i < kTileOut * kTileOut; ++i) store(sums[i] + v * kLanes, y[i]);
  }
  for (int64_t i = 0; i < kTileOut * kTileOut; ++i) {
    const int64_t y = position.y + i / kTileOut, x = position.x + i % kTileOut;
    if (y < p.out_height && x < p.out_width) finish_pixel(p, block, sums[i], {position.n, y, x});
  }
}

// The second pass of a task: products, and results from them. first_tile: of the group, among all tiles.
inline void compute_tiles(const Conv2dProblem& p, const WinogradPlan& plan, int64_t first_tile,
                          const WinogradTask& task, const WinogradScratch& scratch) {
  multiply_tiles(p, plan, task, scratch);
  for (int64_t tile = 0; tile < task.tiles; ++tile)
    finish_tile(p, plan, task.block, first_tile + task.first + tile,
                scratch.products + tile * kTileProducts * plan.columns);
}

// The first pass: tiles first .. first + tiles - 1 of all become the V of a group from its line `line` on.
inline void transform_tiles(const Conv2dProblem& p, const WinogradPlan& plan, int64_t first, int64_t tiles,
                            const float* zeros, float* lines) {
  const PictureBatch pictures{p.x, p.in_height, p.in_width, p.in_channels};
  for (int64_t tile = 0; tile < tiles; ++tile) {
    const PixelPosition position = tile_position(plan, first + tile);
    const PixelPosition corner{position.n, position.y - p.pad_top, position.x - p.pad_left};
    transform_input_square(find_square<kTileIn>(pictures, corner, zeros), 0, p.in_channels,
                           lines + tile * plan.input_line, plan.input_plane);
  }
}

inline WinogradTask winograd_task(const Conv2dProblem& p, const WinogradPlan& plan, int64_t index, int64_t group_tiles,
                                  const float* input) {
  WinogradTask task;
  task.block = column_block(p, index % plan.column_blocks * plan.columns, plan.columns);
  task.input = input;
  task.first = index / plan.column_blocks * plan.tile_block;
  task.tiles = min_of(plan.tile_block, group_tiles - task.first);
  return task;
}

// Groups one after the other, the threads share each.
inline void convolve_shared_groups(const Conv2dProblem& p, const WinogradPlan& plan, const float* zeros) {
  constexpr int64_t kTransformedTiles = 8;  // of a task of the first pass
  const Scratch input(kTileProducts * plan.input_plane, 1), scratch(scratch_floats(plan));
  for (int64_t first = 0; first < plan.tiles; first += plan.group) {
    const int64_t tiles = min_of(plan.group, plan.tiles - first);
    run_tasks(ceil_div(tiles, kTransformedTiles), [&](int64_t index, int) {
      const int64_t tile = index * kTransformedTiles;
      transform_tiles(p, plan, first + tile, min_of(kTransformedTiles, tiles - tile), zeros,
                      input.of(0) + tile * plan.input_line);
    });
    run_tasks(ceil_div(tiles, plan.tile_block) * plan.column_blocks, [&](int64_t index, int thread) {
      compute_tiles(p, plan, first, winograd_task(p, plan, index, tiles, input.of(0)),
                    divide_scratch(plan, scratch.of(thread)));
    });
  }
}

// The threads share the groups.
inline void convolve_own_groups(const Conv2dProblem& p, const WinogradPlan& plan, const float* zeros) {
  const Scratch input(kTileProducts * plan.input_plane), scratch(scratch_floats(plan));
  run_tasks(ceil_div(plan.tiles, plan.group), [&](int64_t index, int thread) {
    const int64_t first = index * plan.group, tiles = min_of(plan.group, plan.tiles - first);
    transform_tiles(p, plan, first, tiles, zeros, input.of(thread));
    for (int64_t block = 0; block < ceil_div(tiles, plan.tile_block) * plan.column_blocks; ++block)
      compute_tiles(p, plan, first, winograd_task(p, plan, block, tiles, input.of(thread)),
                    divide_scratch(plan, scratch.of(thread)));
  });
}

inline void convolve_winograd(const Conv2dProblem& p) {
  const WinogradPlan plan = plan_winograd(p);
  const Scratch zeros(p.in_channels, 1);
  memset(zeros.of(0), 0, static_cast<size_t>(p.in_channels) * sizeof(float));
  if (plan.own_groups)
    convolve_own_groups(p, plan, zeros.of(0));
  else
    convolve_shared_groups(p, plan, zeros.of(0));
}
