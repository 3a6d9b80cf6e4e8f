// micro_kernel.inl — the product that all others are made of: 6 rows times a panel of up to kPanelVectors vectors.
//
// A row is given by its address, so rows need not be equally spaced: a convolution passes the address of each pixel's
// channels for each filter tap, and reads its input without a copy. A panel holds kVectors * kLanes columns, one line
// of columns for each element of a row. Every sum runs over the elements in order with one FMA each, starting from
// zero, and is then added to what `out` holds: sums of a few hundred terms joined by addition lose less than one long
// chain. It depends neither on the other rows nor on how the work was divided. Goto & van de Geijn 2008,
// https://doi.org/10.1145/1356052.1356053, has the layering that this is the kernel of.
#pragma once

#include "ops/cpu/simd/tiling.inl"

constexpr int kMicroRows = 6;

struct MicroProduct {
  const float* const* rows = nullptr;  // [segments][kMicroRows] addresses
  int64_t segments = 1;                // parts of a row, >= 1: the taps of a filter
  int64_t first = 0, length = 0;       // length >= 1: elements first .. first + length - 1 of each part
  const float* panel = nullptr;        // [segments * length][kVectors * kLanes]
  float* out = nullptr;                // [rows][out_stride]
  int64_t out_stride = 0;
  bool accumulate = false;  // add to what `out` holds
};

template <int kRows, int kVectors>
void micro_kernel(const MicroProduct& product) {
  float* const out = product.out;
  const int64_t out_stride = product.out_stride, length = product.length;
  Vector sums[kRows][kVectors];
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) sums[r][v] = zero_vector();
  const float* panel = product.panel;
  const float* const* rows = product.rows;
  int64_t segments = product.segments;
  do {
    const float* row[kRows];
    for (int r = 0; r < kRows; ++r) row[r] = rows[r] + product.first;
    int64_t k = 0;
    do {
      Vector columns[kVectors];
      for (int v = 0; v < kVectors; ++v) columns[v] = load(panel + v * kLanes);
      for (int r = 0; r < kRows; ++r) {
        const Vector element = broadcast(row[r][k]);
        for (int v = 0; v < kVectors; ++v) sums[r][v] = fma(element, columns[v], sums[r][v]);
      }
      panel += kVectors * kLanes;
    } while (++k < length);
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

// The product of `row_count` <= kMicroRows rows with `vectors` vectors of columns, held in consecutive panels of
// `panel_vectors` (the last may be narrower). product.panel and product.out are those of the first panel.
inline void multiply_panels(MicroProduct product, int64_t row_count, int64_t vectors,
                            int64_t panel_vectors = kPanelVectors) {
  for (int64_t v = 0; v < vectors; v += panel_vectors) {
    const int64_t width = min_of(panel_vectors, vectors - v);
    find_micro_kernel(row_count, width)(product);
    product.panel += product.segments * product.length * width * kLanes;
    product.out += width * kLanes;
  }
}
