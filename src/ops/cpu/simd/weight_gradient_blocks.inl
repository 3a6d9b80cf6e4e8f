// weight_gradient_blocks.inl — how the gradient of a convolution's weights is divided into tasks, and joined.
//
// dW is a sum over terms: pixels, or Winograd's tiles. A task computes a block of input channels, all taps of it, times
// a block of output channels over a part of the terms, chunk by chunk, into the part's sums [taps * C_in, C_out]. The
// parts' sums are joined in order at the end. Blocks, parts and chunks follow from the shape alone, so the result has
// the same bits for any number of threads.
#pragma once

#include "ops/cpu/simd/micro_kernel.inl"
#include "ops/cpu/simd/tiling.inl"

constexpr int64_t kGradientTasks = 32;  // wanted, where there are enough terms for that many parts

struct WeightGradientLimits {
  int64_t rows, columns;  // most input and output channels of a task
  int64_t chunk;          // most terms of a chunk
  int64_t part_chunks;    // fewest chunks of a part, against the cost of its sums
};

struct WeightGradientPlan {
  int64_t terms, taps;
  int64_t row_block, row_blocks;        // input channels of a task
  int64_t column_block, column_blocks;  // output channels of a task
  int64_t chunk, part, parts;           // terms of a chunk, of a part
  int64_t sums_stride, sums_floats;     // sums of a part: [taps * C_in][sums_stride]
};

inline WeightGradientPlan plan_weight_gradient(const Conv2dWeightGradient& p, int64_t terms,
                                               const WeightGradientLimits& limits) {
  WeightGradientPlan plan;
  plan.terms = terms;
  plan.taps = p.kernel_height * p.kernel_width;
  plan.row_block = min_of(p.in_channels, balanced_block(p.in_channels, limits.rows, kLanes));
  plan.row_blocks = ceil_div(p.in_channels, plan.row_block);
  plan.column_block = balanced_block(p.out_channels, limits.columns, kLanes);
  plan.column_blocks = ceil_div(p.out_channels, plan.column_block);
  plan.chunk = balanced_block(terms, limits.chunk, 1);
  const int64_t chunks = ceil_div(terms, plan.chunk);
  const int64_t wanted = ceil_div(kGradientTasks, plan.row_blocks * plan.column_blocks);
  plan.part = plan.chunk * max_of(limits.part_chunks, ceil_div(chunks, wanted));
  plan.parts = ceil_div(terms, plan.part);
  plan.sums_stride = round_up(p.out_channels, kLanes);
  plan.sums_floats = plan.taps * p.in_channels * plan.sums_stride;
  return plan;
}

// Channels of x and of grad_y, over some terms.
struct WeightGradientTask {
  int64_t part;
  int64_t first_row, rows;        // input channels
  int64_t first_column, columns;  // output channels
  int64_t first, terms;
};

// All blocks of a part, one after the other: its pictures are then still near.
inline WeightGradientTask weight_gradient_task(const Conv2dWeightGradient& p, const WeightGradientPlan& plan,
                                               int64_t index) {
  const int64_t blocks = plan.row_blocks * plan.column_blocks, block = index % blocks;
  WeightGradientTask task;
  task.part = index / blocks;
  task.first_row = block / plan.column_blocks * plan.row_block;
  task.rows = min_of(plan.row_block, p.in_channels - task.first_row);
  task.first_column = block % plan.column_blocks * plan.column_block;
  task.columns = min_of(plan.column_block, p.out_channels - task.first_column);
  task.first = task.part * plan.part;
  task.terms = min_of(plan.part, plan.terms - task.first);
  return task;
}

// body(chunk) for the chunks of a task, in order.
template <typename Body>
void for_each_chunk(const WeightGradientPlan& plan, const WeightGradientTask& task, const Body& body) {
  WeightGradientTask chunk = task;
  for (int64_t done = 0; done < task.terms && !tasks_stopping(); done += plan.chunk) {
    chunk.first = task.first + done;
    chunk.terms = min_of(plan.chunk, task.terms - done);
    body(chunk);
  }
}

// rows[r] = first + r, the last group filled up with the last row.
inline void point_at_columns(const float* first, int64_t count, const float** rows) {
  for (int64_t r = 0; r < round_up(count, kMicroRows); ++r) rows[r] = first + min_of(r, count - 1);
}

// Joins the parts' sums for one input channel and kLanes output channels (fewer at the end) and stores them.
inline void store_filters(const Conv2dWeightGradient& p, const WeightGradientPlan& plan, const float* sums,
                          int64_t in_channel, int64_t column) {
  const int64_t columns = min_of(kLanes, p.out_channels - column);
  alignas(64) float lanes[kLanes];
  for (int64_t tap = 0; tap < plan.taps; ++tap) {
    const float* const row = sums + (tap * p.in_channels + in_channel) * plan.sums_stride + column;
    Vector sum = load(row);
    for (int64_t part = 1; part < plan.parts; ++part) sum = sum + load(row + part * plan.sums_floats);
    store(lanes, sum);
    for (int64_t c = 0; c < columns; ++c)
      p.grad_weight[((column + c) * p.in_channels + in_channel) * plan.taps + tap] = lanes[c];
  }
}

// compute(task, sums of its part, scratch of its thread) for every task; then dW.
template <typename Compute>
void compute_weight_gradient(const Conv2dWeightGradient& p, const WeightGradientPlan& plan, int64_t scratch_floats,
                             const Compute& compute) {
  const Scratch sums(plan.parts * plan.sums_floats, 1), scratch(scratch_floats);
  run_tasks(plan.row_blocks * plan.column_blocks * plan.parts, [&](int64_t index, int thread) {
    const WeightGradientTask task = weight_gradient_task(p, plan, index);
    compute(task, sums.of(0) + task.part * plan.sums_floats, scratch.of(thread));
  });
  constexpr int64_t kBlock = 16;  // input channels of a task
  const int64_t column_vectors = ceil_div(p.out_channels, kLanes);
  run_tasks(ceil_div(p.in_channels, kBlock) * column_vectors, [&](int64_t task, int) {
    const int64_t first = task / column_vectors * kBlock;
    for (int64_t c = first; c < min_of(first + kBlock, p.in_channels); ++c)
      store_filters(p, plan, sums.of(0), c, task % column_vectors * kLanes);
  });
}
