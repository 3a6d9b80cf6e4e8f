// convolution.inl — convolution of any filter as an implicit matrix product, and linear layers as its 1x1 case.
//
// The matrix of patches [pixels, taps * C_in] is never built: in NHWC each pixel's channels are contiguous, so a row of
// it is one address per filter tap. A task computes a block of rows times a block of columns. It walks through the
// channels in chunks; for each it packs the block's weights once (f32, about 100 KiB: second-level cache) and runs
// the micro-kernel over all its rows; sums between chunks rest in the task's own scratch. Packing costs about as much
// as seven rows, so blocks of hundreds of rows make it cheap, and no packed copy of the weights outlives the task. Used
// for everything that winograd.inl does not take.
#pragma once

#include "ops/cpu/simd/epilogue.inl"
#include "ops/cpu/simd/micro_kernel.inl"
#include "ops/cpu/simd/pack.inl"
#include "ops/cpu/simd/tiling.inl"

constexpr int64_t kChunkDepth = 384;        // taps * channels of a chunk: 96 KiB of packed weights
constexpr int64_t kLargestRowBlock = 1020;  // rows of a task: 255 KiB of sums; a multiple of kMicroRows
constexpr int64_t kSmallestRowBlock = 48;

struct ConvolutionPlan {
  int64_t pixels, taps;  // rows of the product, parts of a row
  int64_t row_block;     // rows of a task
  int64_t column_width;  // result columns of a task
  int64_t row_blocks, column_blocks;
  int64_t chunk;  // channels of a chunk
};

inline ConvolutionPlan plan_convolution(const Conv2dProblem& p) {
  ConvolutionPlan plan;
  plan.pixels = p.batch * p.out_height * p.out_width;
  plan.taps = p.kernel_height * p.kernel_width;
  plan.column_width = columns_per_block(p);
  plan.column_blocks = ceil_div(result_columns(p), plan.column_width);
  const int64_t wanted = ceil_div(kTasksPerThread * num_threads(), max_of(1, plan.column_blocks));
  const int64_t largest = max_of(kSmallestRowBlock, min_of(kLargestRowBlock, ceil_div(plan.pixels, wanted)));
  plan.row_block = balanced_block(plan.pixels, largest, kMicroRows);
  plan.row_blocks = ceil_div(plan.pixels, max_of(1, plan.row_block));
  // The chunk decides the order of the sums' terms: it must not depend on the number of threads.
  plan.chunk = balanced_block(p.in_channels, max_of(8, kChunkDepth / plan.taps), 8);
  return plan;
}

// Scratch of a task, one after the other in a thread's block.
struct ConvolutionScratch {
  float* panels;       // [taps * chunk][kBlockColumns]
  float* sums;         // [row_block][kBlockColumns]
  float* zeros;        // [C_in]: what lies outside the picture
  const float** rows;  // [row_block / kMicroRows][taps][kMicroRows]
};

inline int64_t panel_floats(const ConvolutionPlan& plan) { return plan.taps * plan.chunk * kBlockColumns; }

inline int64_t scratch_floats(const Conv2dProblem& p, const ConvolutionPlan& plan) {
  return panel_floats(plan) + plan.row_block * kBlockColumns + round_up(p.in_channels, 16) +
         plan.row_block * plan.taps * kFloatsPerAddress;
}

inline ConvolutionScratch divide_scratch(const Conv2dProblem& p, const ConvolutionPlan& plan, float* block) {
  ConvolutionScratch scratch;
  scratch.panels = block;
  scratch.sums = scratch.panels + panel_floats(plan);
  scratch.zeros = scratch.sums + plan.row_block * kBlockColumns;
  scratch.rows = reinterpret_cast<const float**>(scratch.zeros + round_up(p.in_channels, 16));
  return scratch;
}

// Addresses of the rows first .. first + count - 1; the last group is filled up with the last row.
inline void find_rows(const Conv2dProblem& p, const ConvolutionPlan& plan, int64_t first, int64_t count,
                      const ConvolutionScratch& scratch) {
  memset(scratch.zeros, 0, static_cast<size_t>(p.in_channels) * sizeof(float));
  PixelPosition result = result_position(p, first);
  for (int64_t i = 0; i < round_up(count, kMicroRows); ++i) {
    const int64_t top = result.y * p.stride - p.pad_top, left = result.x * p.stride - p.pad_left;
    const float** const group = scratch.rows + i / kMicroRows * plan.taps * kMicroRows + i % kMicroRows;
    for (int64_t tap = 0; tap < plan.taps; ++tap) {
      const int64_t y = top + tap / p.kernel_width, x = left + tap % p.kernel_width;
      const bool inside = y >= 0 && y < p.in_height && x >= 0 && x < p.in_width;
      group[tap * kMicroRows] =
          inside ? p.x + ((result.n * p.in_height + y) * p.in_width + x) * p.in_channels : scratch.zeros;
    }
    if (i + 1 < count) advance(p, result);
  }
}

// The weights of the block's columns for the channels first .. first + count - 1, as consecutive panels.
inline void pack_block(const Conv2dProblem& p, const ColumnBlock& block, int64_t first, int64_t count, float* panels) {
  const int64_t taps = p.kernel_height * p.kernel_width, vectors = sum_vectors(block), lines = taps * count;
  const PackSource source{p.weight, p.weight_dtype, p.in_channels * taps};
  const PackOrder order{taps, 1, count};  // line: tap * count + channel, as the micro-kernel walks
  for (int64_t v = 0; v < vectors; ++v) {
    const int64_t panel = v / kPanelVectors * kPanelVectors;  // first vector of the panel that holds v
    const int64_t width = min_of(kPanelVectors, vectors - panel);
    const ChannelRange columns = channels_of(p, block, v);
    pack_columns(source, {columns.first, columns.count, first, count}, order,
                 panels + panel * lines * kLanes + (v - panel) * kLanes, width * kLanes);
  }
}

inline void convolve_block(const Conv2dProblem& p, const ConvolutionPlan& plan, int64_t first_row,
                           const ColumnBlock& block, const ConvolutionScratch& scratch) {
  const int64_t rows = min_of(plan.row_block, plan.pixels - first_row);
  find_rows(p, plan, first_row, rows, scratch);
  BlockProduct product;
  product.rows = scratch.rows;
  product.row_count = rows;
  product.segments = plan.taps;
  product.panels = scratch.panels;
  product.vectors = sum_vectors(block);
  product.out = scratch.sums;
  product.out_stride = product.vectors * kLanes;
  for (int64_t channel = 0; channel < p.in_channels; channel += plan.chunk) {
    product.first = channel;
    product.length = min_of(plan.chunk, p.in_channels - channel);
    product.accumulate = channel > 0;
    product.next_first = channel + plan.chunk < p.in_channels ? channel + plan.chunk : -1;
    pack_block(p, block, channel, product.length, scratch.panels);
    multiply_block(product);
  }
  PixelPosition result = result_position(p, first_row);
  for (int64_t row = 0; row < rows; ++row, advance(p, result))
    finish_pixel(p, block, scratch.sums + row * product.out_stride, result);
}

inline void convolve_implicitly(const Conv2dProblem& p) {
  const ConvolutionPlan plan = plan_convolution(p);
  const Scratch scratch(scratch_floats(p, plan));
  run_tasks(plan.row_blocks * plan.column_blocks, [&](int64_t task, int thread) {
    const ColumnBlock block = column_block(p, task % plan.column_blocks * plan.column_width, plan.column_width);
    convolve_block(p, plan, task / plan.column_blocks * plan.row_block, block,
                   divide_scratch(p, plan, scratch.of(thread)));
  });
}
