// winograd.inl — 3x3 convolutions of stride one by Winograd's minimal filtering, F(4x4, 3x3).
//
// A quarter of the direct multiplications, for transforms whose cost shrinks with the number of channels. The result is
// cut into tiles of 4x4 pixels. For a group of tiles (bounded memory: kInputBudgetFloats), in two parallel passes:
//   1. each tile's 6x6 input pixels are transformed:                 V [36][tiles][C_in]
//   2. for each block of output channels and block of tiles: filters are transformed as they are unpacked, a chunk of
//      channels at a time, U [36][channels][columns]; 36 matrix products M = V U; tiles of M are transformed back and
//      finished (bias, activation, residual) straight into the result.
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
constexpr int64_t kFilterChunk = 192;                     // channels transformed at once: U of 0.9 MiB
constexpr int64_t kTileBlock = 96;                        // tiles of a task: M of 0.4 MiB
constexpr int64_t kWinogradColumns = 32;                  // output channels of a task
constexpr int64_t kWinogradPanel = 2;  // vectors of a panel: enough accumulators, and half the lines of U in use

struct WinogradPlan : WinogradTiling {
  int64_t group;  // tiles of a group
  int64_t tile_block, column_blocks;
  int64_t chunk;        // channels of a chunk
  int64_t input_plane;  // floats from plane to plane of V
};

// Worth it where the products saved outweigh the transforms; decided by one picture's shape, so that a picture's result
// does not depend on its batch.
inline bool winograd_applies(const Conv2dProblem& p) {
  if (p.kernel_height != 3 || p.kernel_width != 3 || p.stride != 1 || p.activation == Activation::geglu) return false;
  if (p.in_channels < 64 || p.out_channels < 64 || p.in_channels % kLanes != 0) return false;
  const int64_t tiles = ceil_div(p.out_height, kTileOut) * ceil_div(p.out_width, kTileOut);
  constexpr int64_t kFilterCost = 160;  // multiply-adds in whose time one filter is transformed and packed
  return kTileProducts * tiles + kFilterCost < 9 * p.out_height * p.out_width;
}

inline WinogradPlan plan_winograd(const Conv2dProblem& p) {
  WinogradPlan plan{winograd_tiling(p), 0, 0, 0, 0, 0};
  plan.column_blocks = ceil_div(p.out_channels, kWinogradColumns);
  // V is read once per column block: the smaller a group that still keeps all threads busy, the nearer V stays.
  const int64_t wanted = kTileBlock * ceil_div(kTasksPerThread * num_threads(), plan.column_blocks);
  const int64_t affordable = max_of(kMicroRows, kInputBudgetFloats / (kTileProducts * p.in_channels));
  plan.group = balanced_block(plan.tiles, min_of(wanted, affordable), 1);
  plan.tile_block = balanced_block(plan.group, kTileBlock, kMicroRows);
  // The chunk decides the order of the sums' terms: it must not depend on the number of threads.
  plan.chunk = balanced_block(p.in_channels, kFilterChunk, 8);
  plan.input_plane = plan.group * p.in_channels + kPlanePadding;
  return plan;
}

// Scratch of a task of the second pass.
struct WinogradScratch {
  float* filters;       // [8 channels * 9 taps][kWinogradColumns]: unpacked
  float* panels;        // U: planes of [chunk][kWinogradColumns], as panels
  int64_t panel_plane;  // floats from plane to plane of U
  float* products;      // M: [tile_block][36][kWinogradColumns]
  const float** rows;   // [tile_block]: the tiles in the first plane of V
};

constexpr int64_t kFilterFloats = 8 * 9 * kWinogradColumns;
inline int64_t panel_plane(const WinogradPlan& plan) { return plan.chunk * kWinogradColumns + kPlanePadding; }

inline int64_t scratch_floats(const WinogradPlan& plan) {
  return kFilterFloats + kTileProducts * (panel_plane(plan) + plan.tile_block * kWinogradColumns) +
         plan.tile_block * kFloatsPerAddress;
}

inline WinogradScratch divide_scratch(const WinogradPlan& plan, float* block) {
  WinogradScratch scratch;
  scratch.filters = block;
  scratch.panels = scratch.filters + kFilterFloats;
  scratch.panel_plane = panel_plane(plan);
  scratch.products = scratch.panels + kTileProducts * scratch.panel_plane;
  scratch.rows = reinterpret_cast<const float**>(scratch.products + kTileProducts * plan.tile_block * kWinogradColumns);
  return scratch;
}

// What a task of the second pass computes: tiles first .. first + tiles - 1 of the group times a block of columns.
struct WinogradTask {
  ColumnBlock block;
  const float* input = nullptr;  // V of the group
  int64_t first = 0, tiles = 0;
};

// U of the block's columns for the channels first .. first + channels - 1.
inline void transform_filters(const Conv2dProblem& p, const ColumnBlock& block, int64_t first, int64_t channels,
                              const WinogradScratch& scratch) {
  const PackSource source{p.weight, p.weight_dtype, p.in_channels * 9};
  const PackOrder order{9, 9, 1};  // line: channel * 9 + tap, as stored
  for (int64_t c = 0; c < channels; c += 8) {
    const int64_t count = min_of(8, channels - c);
    for (int64_t v = 0; v < block.vectors; ++v) {
      const ChannelRange columns = channels_of(p, block, v);
      float* const filters = scratch.filters + v * kLanes;
      pack_columns(source, {columns.first, columns.count, first + c, count}, order, filters, kWinogradColumns);
      const int64_t panel = v / kWinogradPanel * kWinogradPanel;
      const int64_t width = min_of(kWinogradPanel, block.vectors - panel);
      float* const out = scratch.panels + panel * channels * kLanes + (v - panel) * kLanes;
      for (int64_t k = 0; k < count; ++k) {
        Vector g[9], u[kTileProducts];
        for (int tap = 0; tap < 9; ++tap) g[tap] = load(filters + (k * 9 + tap) * kWinogradColumns);
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
    scratch.rows[tile] = task.input + (task.first + min_of(tile, task.tiles - 1)) * p.in_channels;
  BlockProduct product;
  product.rows = scratch.rows;
  product.row_count = task.tiles;
  product.vectors = task.block.vectors;
  product.panel_vectors = kWinogradPanel;
  product.out_stride = kTileProducts * kWinogradColumns;
  for (int64_t channel = 0; channel < p.in_channels; channel += plan.chunk) {
    product.length = min_of(plan.chunk, p.in_channels - channel);
    product.accumulate = channel > 0;
    transform_filters(p, task.block, channel, product.length, scratch);
    for (int64_t i = 0; i < kTileProducts; ++i) {
      product.first = i * plan.input_plane + channel;
      product.next_first = i + 1 < kTileProducts ? product.first + plan.input_plane : -1;
      product.panels = scratch.panels + i * scratch.panel_plane;
      product.out = scratch.products + i * kWinogradColumns;
      multiply_block(product);
    }
  }
}

// Turns a tile's M into results. products: [36][kWinogradColumns].
inline void finish_tile(const Conv2dProblem& p, const WinogradPlan& plan, const ColumnBlock& block, int64_t tile,
                        const float* products) {
  const TilePosition position = tile_position(plan, tile);
  alignas(64) float sums[kTileOut * kTileOut][kWinogradColumns];
  for (int64_t v = 0; v < block.vectors; ++v) {
    Vector m[kTileProducts], y[kTileOut * kTileOut];
    for (int i = 0; i < kTileProducts; ++i) m[i] = load(products + i * kWinogradColumns + v * kLanes);
    transform_output(m, y);
    for (int i = 0; i < kTileOut * kTileOut; ++i) store(sums[i] + v * kLanes, y[i]);
  }
  for (int64_t i = 0; i < kTileOut * kTileOut; ++i) {
    const int64_t y = position.y + i / kTileOut, x = position.x + i % kTileOut;
    if (y < p.out_height && x < p.out_width)
      finish_pixel(p, block, sums[i], (position.n * p.out_height + y) * p.out_width + x);
  }
}

// The second pass of a task: products, and results from them. first_tile: of the group, among all tiles.
inline void compute_tiles(const Conv2dProblem& p, const WinogradPlan& plan, int64_t first_tile,
                          const WinogradTask& task, const WinogradScratch& scratch) {
  multiply_tiles(p, plan, task, scratch);
  for (int64_t tile = 0; tile < task.tiles; ++tile)
    finish_tile(p, plan, task.block, first_tile + task.first + tile,
                scratch.products + tile * kTileProducts * kWinogradColumns);
}

inline void convolve_winograd(const Conv2dProblem& p) {
  const WinogradPlan plan = plan_winograd(p);
  const Scratch input(kTileProducts * plan.input_plane, 1), zeros(p.in_channels, 1), scratch(scratch_floats(plan));
  memset(zeros.of(0), 0, static_cast<size_t>(p.in_channels) * sizeof(float));
  for (int64_t first = 0; first < plan.tiles; first += plan.group) {
    const int64_t tiles = min_of(plan.group, plan.tiles - first);
    run_tasks(tiles, [&](int64_t tile, int) {
      TilePosition position = tile_position(plan, first + tile);
      position.y -= p.pad_top;
      position.x -= p.pad_left;
      transform_input_square(find_square<kTileIn>({p.x, p.in_height, p.in_width, p.in_channels}, position, zeros.of(0)),
                             0, p.in_channels, input.of(0) + tile * p.in_channels, plan.input_plane);
    });
    run_tasks(ceil_div(tiles, plan.tile_block) * plan.column_blocks, [&](int64_t index, int thread) {
      WinogradTask task;
      task.block = column_block(p, index % plan.column_blocks * kWinogradColumns, kWinogradColumns);
      task.input = input.of(0);
      task.first = index / plan.column_blocks * plan.tile_block;
      task.tiles = min_of(plan.tile_block, tiles - task.first);
      compute_tiles(p, plan, first, task, divide_scratch(plan, scratch.of(thread)));
    });
  }
}
