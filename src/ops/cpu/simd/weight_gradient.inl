// weight_gradient.inl — the gradient of a convolution's weights as a matrix product over pixels.
//
// dW [taps * C_in, C_out] = P^T dY, where P [pixels, taps * C_in] are the patches of the forward's implicit product.
// Rows of P^T are columns of P, which the micro-kernel reads at a distance, so nothing is transposed but the result. A
// task computes a block of input channels, all taps of it, times a block of output channels over a part of the pixels:
// chunk by chunk it copies dY into panels and each tap's pixels side by side ("slab"; for 1x1 filters of stride one the
// rows of x themselves serve), and adds their product to its part's sums. The parts' sums are joined in order at the
// end. Blocks, parts and chunks follow from the shape alone, so the result has the same bits for any number of threads.
#pragma once

#include "ops/cpu/simd/micro_kernel.inl"
#include "ops/cpu/simd/tiling.inl"

constexpr int64_t kGradientRows = 96;      // most input channels of a task, most rows of a slab
constexpr int64_t kGradientColumns = 128;  // most output channels of a task
constexpr int64_t kGradientChunk = 256;    // pixels of a chunk: panels of 128 KiB, a slab of 96 KiB
constexpr int64_t kPartChunks = 4;         // fewest chunks of a part: its sums are written once and read once
constexpr int64_t kGradientTasks = 32;     // wanted, where there are enough pixels for that many parts

struct WeightGradientPlan {
  int64_t pixels, taps;
  int64_t row_block, row_blocks;        // input channels of a task
  int64_t column_block, column_blocks;  // output channels of a task
  int64_t slab_taps;                    // taps that share a slab: several where all input channels are one small block
  int64_t chunk, part, parts;           // pixels of a chunk, of a part
  int64_t sums_stride, sums_floats;     // sums of a part: [taps * C_in][sums_stride]
};

inline WeightGradientPlan plan_weight_gradient(const Conv2dWeightGradient& p) {
  WeightGradientPlan plan;
  plan.pixels = p.batch * p.out_height * p.out_width;
  plan.taps = p.kernel_height * p.kernel_width;
  plan.row_block = min_of(p.in_channels, balanced_block(p.in_channels, kGradientRows, kMicroRows));
  plan.row_blocks = ceil_div(p.in_channels, plan.row_block);
  plan.column_block = balanced_block(p.out_channels, kGradientColumns, kLanes);
  plan.column_blocks = ceil_div(p.out_channels, plan.column_block);
  plan.slab_taps = 1;
  if (plan.row_blocks == 1) plan.slab_taps = balanced_block(plan.taps, max_of(1, kGradientRows / p.in_channels), 1);
  plan.chunk = balanced_block(plan.pixels, kGradientChunk, 1);
  const int64_t chunks = ceil_div(plan.pixels, plan.chunk);
  const int64_t wanted = ceil_div(kGradientTasks, plan.row_blocks * plan.column_blocks);
  plan.part = plan.chunk * max_of(kPartChunks, ceil_div(chunks, wanted));
  plan.parts = ceil_div(plan.pixels, plan.part);
  plan.sums_stride = round_up(p.out_channels, kLanes);
  plan.sums_floats = plan.taps * p.in_channels * plan.sums_stride;
  return plan;
}

// The rows of P^T are those of x: every pixel has one tap, itself.
inline bool pixels_are_patches(const Conv2dWeightGradient& p) {
  return p.kernel_height * p.kernel_width == 1 && p.stride == 1 && p.pad_top == 0 && p.pad_left == 0 &&
         p.out_height == p.in_height && p.out_width == p.in_width;
}

// Scratch of a task, one after the other in a thread's block.
struct WeightGradientScratch {
  float* panels;       // [chunk][column_block], as panels
  float* slab;         // [chunk][slab_taps * row_block], and a vector that the last copy may spill into
  const float** rows;  // [slab_taps * row_block rounded up to kMicroRows]
};

inline int64_t slab_floats(const WeightGradientPlan& plan) {
  return round_up(plan.chunk * plan.slab_taps * plan.row_block + kLanes, kLineFloats);
}

inline int64_t scratch_floats(const WeightGradientPlan& plan) {
  return plan.chunk * plan.column_block + slab_floats(plan) +
         round_up(plan.slab_taps * plan.row_block, kMicroRows) * kFloatsPerAddress;
}

inline WeightGradientScratch divide_scratch(const WeightGradientPlan& plan, float* block) {
  WeightGradientScratch scratch;
  scratch.panels = block;
  scratch.slab = scratch.panels + plan.chunk * plan.column_block;
  scratch.rows = reinterpret_cast<const float**>(scratch.slab + slab_floats(plan));
  return scratch;
}

// What a task computes: channels of x and of grad_y, over some pixels.
struct WeightGradientTask {
  int64_t first_row, rows;        // input channels
  int64_t first_column, columns;  // output channels
  int64_t first_pixel, pixels;
};

// Copies `columns` channels of consecutive pixels into panels.
inline void pack_lines(const float* pixels, int64_t pixel_step, int64_t count, int64_t columns, float* panels) {
  const int64_t vectors = ceil_div(columns, kLanes);
  for (int64_t panel = 0; panel < vectors; panel += kPanelVectors) {
    const int64_t width = min_of(kPanelVectors, vectors - panel);
    for (int64_t k = 0; k < count; ++k)
      for (int64_t v = panel; v < panel + width; ++v, panels += kLanes)
        store(panels, load_first(pixels + k * pixel_step + v * kLanes, min_of(kLanes, columns - v * kLanes)));
  }
}

// Pixels' channels for the taps first_tap .. first_tap + taps - 1, side by side: slab [pixels][taps][rows]. Copies
// spill over into what the next one writes.
inline void pack_slab(const Conv2dWeightGradient& p, const WeightGradientTask& task, int64_t first_tap, int64_t taps,
                      float* slab) {
  int64_t n = task.first_pixel / (p.out_height * p.out_width);
  int64_t out_y = task.first_pixel / p.out_width % p.out_height, out_x = task.first_pixel % p.out_width;
  for (int64_t k = 0; k < task.pixels; ++k) {
    for (int64_t tap = first_tap; tap < first_tap + taps; ++tap, slab += task.rows) {
      const int64_t y = out_y * p.stride + tap / p.kernel_width - p.pad_top;
      const int64_t x = out_x * p.stride + tap % p.kernel_width - p.pad_left;
      const bool inside = y >= 0 && y < p.in_height && x >= 0 && x < p.in_width;
      const float* const pixel = p.x + ((n * p.in_height + y) * p.in_width + x) * p.in_channels + task.first_row;
      for (int64_t c = 0; c < task.rows; c += kLanes)
        store(slab + c, inside ? load_first(pixel + c, min_of(kLanes, task.rows - c)) : zero_vector());
    }
    if (++out_x == p.out_width) {
      out_x = 0;
      if (++out_y == p.out_height) {
        out_y = 0;
        ++n;
      }
    }
  }
}

// rows[r] = first + r, the last group filled up with the last row.
inline void point_at_columns(const float* first, int64_t count, const float** rows) {
  for (int64_t r = 0; r < round_up(count, kMicroRows); ++r) rows[r] = first + min_of(r, count - 1);
}

// Adds the products of one chunk to `sums`. task.pixels <= plan.chunk.
inline void add_chunk(const Conv2dWeightGradient& p, const WeightGradientPlan& plan, const WeightGradientTask& task,
                      const WeightGradientScratch& scratch, float* sums, bool accumulate) {
  pack_lines(p.grad_y + task.first_pixel * p.out_channels + task.first_column, p.out_channels, task.pixels,
             task.columns, scratch.panels);
  BlockProduct product;
  product.rows = scratch.rows;
  product.length = task.pixels;
  product.panels = scratch.panels;
  product.vectors = ceil_div(task.columns, kLanes);
  product.out_stride = plan.sums_stride;
  product.accumulate = accumulate;
  for (int64_t tap = 0; tap < plan.taps; tap += plan.slab_taps) {
    const int64_t taps = min_of(plan.slab_taps, plan.taps - tap);
    product.row_count = taps * task.rows;
    product.element_step = pixels_are_patches(p) ? p.in_channels : product.row_count;
    product.out = sums + (tap * p.in_channels + task.first_row) * plan.sums_stride + task.first_column;
    const float* first = p.x + task.first_pixel * p.in_channels + task.first_row;
    if (!pixels_are_patches(p)) {
      pack_slab(p, task, tap, taps, scratch.slab);
      first = scratch.slab;
    }
    point_at_columns(first, product.row_count, scratch.rows);
    multiply_block(product);
  }
}

// Joins the parts and stores a block of filters. columns: kLanes output channels from `column`, fewer at the end.
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

inline WeightGradientTask weight_gradient_task(const Conv2dWeightGradient& p, const WeightGradientPlan& plan,
                                               int64_t index) {
  const int64_t block = index / plan.parts;
  WeightGradientTask task;
  task.first_row = block / plan.column_blocks * plan.row_block;
  task.rows = min_of(plan.row_block, p.in_channels - task.first_row);
  task.first_column = block % plan.column_blocks * plan.column_block;
  task.columns = min_of(plan.column_block, p.out_channels - task.first_column);
  task.first_pixel = index % plan.parts * plan.part;
  task.pixels = min_of(plan.part, plan.pixels - task.first_pixel);
  return task;
}

void conv2d_grad_weight(const Conv2dWeightGradient& p) {
  const WeightGradientPlan plan = plan_weight_gradient(p);
  const Scratch sums(plan.parts * plan.sums_floats, 1), scratch(scratch_floats(plan));
  run_tasks(plan.row_blocks * plan.column_blocks * plan.parts, [&](int64_t index, int thread) {
    const WeightGradientTask whole = weight_gradient_task(p, plan, index);
    const WeightGradientScratch parts = divide_scratch(plan, scratch.of(thread));
    WeightGradientTask chunk = whole;
    for (int64_t done = 0; done < whole.pixels; done += plan.chunk) {
      chunk.first_pixel = whole.first_pixel + done;
      chunk.pixels = min_of(plan.chunk, whole.pixels - done);
      add_chunk(p, plan, chunk, parts, sums.of(0) + index % plan.parts * plan.sums_floats, done > 0);
    }
  });
  constexpr int64_t kBlock = 16;  // input channels of a task
  const int64_t column_vectors = ceil_div(p.out_channels, kLanes);
  run_tasks(ceil_div(p.in_channels, kBlock) * column_vectors, [&](int64_t task, int) {
    const int64_t first = task / column_vectors * kBlock;
    for (int64_t c = first; c < min_of(first + kBlock, p.in_channels); ++c)
      store_filters(p, plan, sums.of(0), c, task % column_vectors * kLanes);
  });
}
