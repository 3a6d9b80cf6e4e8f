// weight_gradient.inl — the gradient of a convolution's weights as a matrix product over pixels.
//
// dW [taps * C_in, C_out] = P^T dY, where P [pixels, taps * C_in] are the patches of the forward's implicit product.
// Rows of P^T are columns of P, which the micro-kernel reads at a distance, so nothing is transposed but the result.
// For each chunk of pixels dY is copied into panels and each tap's pixels side by side ("slab"; for 1x1 filters of
// stride one the rows of x themselves serve). Used for everything that winograd_weight_gradient.inl does not take.
#pragma once

#include "ops/cpu/simd/pixel_position.inl"
#include "ops/cpu/simd/weight_gradient_blocks.inl"

// Panels of 128 KiB, a slab of 96 KiB.
constexpr int64_t kSlabRows = 96;  // most rows of a slab
constexpr WeightGradientLimits kDirectLimits{kSlabRows, 128, 256, 4};

struct DirectPlan : WeightGradientPlan {
  int64_t slab_taps;  // taps that share a slab: several where all input channels are one small block
};

inline DirectPlan plan_direct(const Conv2dWeightGradient& p) {
  DirectPlan plan{plan_weight_gradient(p, p.batch * p.out_height * p.out_width, kDirectLimits), 1};
  if (plan.row_blocks == 1) plan.slab_taps = balanced_block(plan.taps, max_of(1, kSlabRows / p.in_channels), 1);
  return plan;
}

// The rows of P are those of x: every pixel has one tap, itself.
inline bool pixels_are_patches(const Conv2dWeightGradient& p) {
  return p.kernel_height * p.kernel_width == 1 && p.stride == 1 && p.pad_top == 0 && p.pad_left == 0 &&
         p.out_height == p.in_height && p.out_width == p.in_width;
}

// Scratch of a task, one after the other in a thread's block.
struct DirectScratch {
  float* panels;       // [chunk][column_block], as panels
  float* slab;         // [chunk][slab_taps * row_block], and a vector that the last copy may spill into
  const float** rows;  // [slab_taps * row_block rounded up to kMicroRows]
};

inline int64_t slab_floats(const DirectPlan& plan) {
  return round_up(plan.chunk * plan.slab_taps * plan.row_block + kLanes, kLineFloats);
}

inline int64_t scratch_floats(const DirectPlan& plan) {
  return plan.chunk * plan.column_block + slab_floats(plan) +
         round_up(plan.slab_taps * plan.row_block, kMicroRows) * kFloatsPerAddress;
}

inline DirectScratch divide_scratch(const DirectPlan& plan, float* block) {
  DirectScratch scratch;
  scratch.panels = block;
  scratch.slab = scratch.panels + plan.chunk * plan.column_block;
  scratch.rows = reinterpret_cast<const float**>(scratch.slab + slab_floats(plan));
  return scratch;
}

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
inline void pack_slab(const Conv2dWeightGradient& p, const WeightGradientTask& chunk, int64_t first_tap, int64_t taps,
                      float* slab) {
  PixelPosition result = result_position(p, chunk.first);
  for (int64_t k = 0; k < chunk.terms; ++k, advance(p, result))
    for (int64_t tap = first_tap; tap < first_tap + taps; ++tap, slab += chunk.rows) {
      const int64_t y = result.y * p.stride + tap / p.kernel_width - p.pad_top;
      const int64_t x = result.x * p.stride + tap % p.kernel_width - p.pad_left;
      const bool inside = y >= 0 && y < p.in_height && x >= 0 && x < p.in_width;
      const int64_t pixel = (result.n * p.in_height + y) * p.in_width + x;
      for (int64_t c = 0; c < chunk.rows; c += kLanes)
        store(slab + c,
              inside ? load_first(p.x + pixel * p.in_channels + chunk.first_row + c, min_of(kLanes, chunk.rows - c))
                     : zero_vector());
    }
}

// Adds the products of one chunk to `sums`.
inline void add_pixels(const Conv2dWeightGradient& p, const DirectPlan& plan, const WeightGradientTask& chunk,
                       const DirectScratch& scratch, float* sums, bool accumulate) {
  pack_lines(p.grad_y + chunk.first * p.out_channels + chunk.first_column, p.out_channels, chunk.terms, chunk.columns,
             scratch.panels);
  BlockProduct product;
  product.rows = scratch.rows;
  product.length = chunk.terms;
  product.panels = scratch.panels;
  product.vectors = ceil_div(chunk.columns, kLanes);
  product.out_stride = plan.sums_stride;
  product.accumulate = accumulate;
  for (int64_t tap = 0; tap < plan.taps; tap += plan.slab_taps) {
    const int64_t taps = min_of(plan.slab_taps, plan.taps - tap);
    product.row_count = taps * chunk.rows;
    product.element_step = pixels_are_patches(p) ? p.in_channels : product.row_count;
    product.out = sums + (tap * p.in_channels + chunk.first_row) * plan.sums_stride + chunk.first_column;
    const float* first = p.x + chunk.first * p.in_channels + chunk.first_row;
    if (!pixels_are_patches(p)) {
      pack_slab(p, chunk, tap, taps, scratch.slab);
      first = scratch.slab;
    }
    point_at_columns(first, product.row_count, scratch.rows);
    multiply_block(product);
  }
}

inline void grad_weight_directly(const Conv2dWeightGradient& p) {
  const DirectPlan plan = plan_direct(p);
  compute_weight_gradient(p, plan, scratch_floats(plan),
                          [&](const WeightGradientTask& task, float* sums, float* block) {
                            const DirectScratch scratch = divide_scratch(plan, block);
                            for_each_chunk(plan, task, [&](const WeightGradientTask& chunk) {
                              add_pixels(p, plan, chunk, scratch, sums, chunk.first > task.first);
                            });
                          });
}
