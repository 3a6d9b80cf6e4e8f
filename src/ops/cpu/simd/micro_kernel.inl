// micro_kernel.inl — the product that all others are made of: 6 rows times a panel of up to kPanelVectors vectors.
//
// A row is given by its address, so rows need not be equally spaced: a convolution passes the address of each pixel's
// channels for each filter tap, and reads its input without a copy. Nor need a row's elements be neighbours: the rows
// of a transposed matrix are its columns, read where they are. A panel holds kVectors * kLanes columns, one line of
// columns for each element of a row. Every sum runs over the elements in order with one FMA each, starting from zero,
// and is then added to what `out` holds: sums of a few hundred terms joined by addition lose less than one long chain.
// It depends neither on the other rows nor on how the work was divided. Goto & van de Geijn 2008,
// https://doi.org/10.1145/1356052.1356053, has the layering that this is the kernel of.
#pragma once

#include "ops/cpu/simd/tiling.inl"

constexpr int kMicroRows = 6;
constexpr int64_t kLineFloats = 16;  // of a cache line

struct MicroProduct {
  const float* const* rows = nullptr;  // [segments][kMicroRows] addresses
  int64_t segments = 1;                // parts of a row, >= 1: the taps of a filter
  int64_t first = 0, length = 0;       // length >= 1: elements first .. first + length - 1 of each part
  int64_t element_step = 1;            // floats from element to element of a row
  const float* panel = nullptr;        // [segments * length][kVectors * kLanes]
  float* out = nullptr;                // [rows][out_stride]
  int64_t out_stride = 0;
  bool accumulate = false;  // add to what `out` holds
};

template <int kRows, int kVectors>
void micro_kernel(const MicroProduct& product) {
  float* const out = product.out;
  const int64_t out_stride = product.out_stride, step = product.element_step, end = product.length * step;
  Vector sums[kRows][kVectors];
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) sums[r][v] = zero_vector();
  // The sums are touched once per call, too seldom for the hardware to foresee.
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors * kLanes; v += kLineFloats) __builtin_prefetch(out + r * out_stride + v, 1);
  const float* panel = product.panel;
  const float* const* rows = product.rows;
  int64_t segments = product.segments;
  do {
    const float* row[kRows];
    for (int r = 0; r < kRows; ++r) row[r] = rows[r] + product.first * step;
    int64_t k = 0;
    do {
      Vector columns[kVectors];
      for (int v = 0; v < kVectors; ++v) columns[v] = load(panel + v * kLanes);
      for (int r = 0; r < kRows; ++r) {
        const Vector element = broadcast(row[r][k]);
        for (int v = 0; v < kVectors; ++v) sums[r][v] = fma(element, columns[v], sums[r][v]);
      }
      panel += kVectors * kLanes;
    } while ((k += step) < end);
    rows += kMicroRows;
  } while (--segments > 0);
  if (product.accumulate)
    for (int r = 0; r < kRows; ++r)
      for (int v = 0; v < kVectors; ++v) sums[r][v] = sums[r][v] + load(out + r * out_stride + v * kLanes);
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) store(out + r * out_stride + v * kLanes, sums[r][v]);
}

using MicroKernel = void (*)(const MicroProduct&);

// REQUIRES: 1 <= vectors <= kPanelVectors.
template <int kRows>
MicroKernel micro_kernel_of_width(int64_t vectors) {
  if constexpr (kPanelVectors == 4) {
    if (vectors == 4) return micro_kernel<kRows, 4>;
    if (vectors == 3) return micro_kernel<kRows, 3>;
  }
  return vectors == 2 ? micro_kernel<kRows, 2> : micro_kernel<kRows, 1>;
}

// REQUIRES: 1 <= rows <= kMicroRows.
inline MicroKernel find_micro_kernel(int64_t rows, int64_t vectors) {
  switch (rows) {
    case 6: return micro_kernel_of_width<6>(vectors);
    case 5: return micro_kernel_of_width<5>(vectors);
    case 4: return micro_kernel_of_width<4>(vectors);
    case 3: return micro_kernel_of_width<3>(vectors);
    case 2: return micro_kernel_of_width<2>(vectors);
    default: return micro_kernel_of_width<1>(vectors);
  }
}

// Many rows times a block of columns. Rows are taken a few dozen at a time, over all panels: a panel then stays in the
// first-level cache for all of them, and they in the second-level one for all panels.
struct BlockProduct {
  const float* const* rows =
      nullptr;  // [ceil(row_count / kMicroRows)][segments][kMicroRows] addresses, none of them null
  int64_t row_count = 0, segments = 1;
  int64_t first = 0, length = 0;          // as in MicroProduct
  int64_t element_step = 1;               // as there; rows of distant elements are expected to be in a cache
  const float* panels = nullptr;          // one after the other, each [segments * length][its vectors * kLanes]
  int64_t vectors = 0;                    // of columns; the last panel may be narrower than the others
  int64_t panel_vectors = kPanelVectors;  // of the others
  float* out = nullptr;                   // [row_count][out_stride]
  int64_t out_stride = 0;
  bool accumulate = false;
  int64_t next_first = -1;  // `first` of the next product of the same rows, or -1: its first rows are fetched early
};

constexpr int64_t kCachedRows = 24;  // of 384 elements: 36 KiB

// Fetches part `part` of `parts` of the group of rows that begins at `row`, or where that is past the end, of the next
// product's: rows are read once per column block, in pieces too short for the hardware to foresee.
inline void prefetch_rows(const BlockProduct& block, int64_t row, int64_t part, int64_t parts) {
  int64_t first = block.first;
  if (row >= block.row_count) {
    row -= round_up(block.row_count, kMicroRows);
    first = block.next_first;
  }
  if (first < 0 || row >= block.row_count || block.element_step > 1) return;
  const float* const* const group = block.rows + row * block.segments;
  const int64_t addresses = block.segments * kMicroRows;
  for (int64_t i = addresses * part / parts; i < addresses * (part + 1) / parts; ++i)
    for (int64_t k = 0; k < block.length; k += kLineFloats) __builtin_prefetch(group[i] + first + k, 0, 2);
}

inline void multiply_block(const BlockProduct& block) {
  const int64_t panels = ceil_div(block.vectors, block.panel_vectors);
  MicroProduct product;
  product.segments = block.segments;
  product.first = block.first;
  product.length = block.length;
  product.element_step = block.element_step;
  product.out_stride = block.out_stride;
  product.accumulate = block.accumulate;
  for (int64_t begin = 0; begin < block.row_count; begin += kCachedRows) {
    const int64_t end = min_of(block.row_count, begin + kCachedRows);
    for (int64_t panel = 0; panel < panels; ++panel) {
      const int64_t vector = panel * block.panel_vectors, width = min_of(block.panel_vectors, block.vectors - vector);
      product.panel = block.panels + vector * block.segments * block.length * kLanes;
      for (int64_t row = begin; row < end; row += kMicroRows) {
        product.rows = block.rows + row * block.segments;
        product.out = block.out + row * block.out_stride + vector * kLanes;
        prefetch_rows(block, row + kCachedRows, panel, panels);
        find_micro_kernel(min_of(kMicroRows, end - row), width)(product);
      }
    }
  }
}
