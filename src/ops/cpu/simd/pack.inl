// pack.inl — weights as stored into panels: transposed, converted to f32, columns side by side.
//
// Eight columns at a time: eight consecutive elements of each of eight rows are loaded, converted, and transposed in
// registers. Rows are read in the order in which they are stored, whatever the order of the panel's lines.
#pragma once

#include "ops/cpu/simd/tiling.inl"

// Rows that become columns: row r starts at element r * row_stride.
struct PackSource {
  const void* data = nullptr;
  DType dtype = DType::f32;
  int64_t row_stride = 0;
};

// Where element (channel c, tap t) of a row, stored at c * taps + t, goes: line c * channel_step + t * tap_step.
struct PackOrder {
  int64_t taps = 1;
  int64_t channel_step = 1, tap_step = 1;
};

template <DType kType>
inline __m256 load_eight(const void* data, int64_t index) {
  if constexpr (kType == DType::f16)
    return _mm256_cvtph_ps(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(static_cast<const uint16_t*>(data) + index)));
  if constexpr (kType == DType::bf16) {
    const auto* const bits = reinterpret_cast<const __m128i*>(static_cast<const uint16_t*>(data) + index);
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128(bits)), 16));
  }
  return _mm256_loadu_ps(static_cast<const float*>(data) + index);
}

// The first `count` < 8 elements, the others zero; nothing behind them is read.
template <DType kType>
inline __m256 load_fewer(const void* data, int64_t index, int64_t count) {
  constexpr int64_t kBytes = kType == DType::f32 ? 4 : 2;
  alignas(32) char copy[32] = {};
  memcpy(copy, static_cast<const char*>(data) + index * kBytes, static_cast<size_t>(count * kBytes));
  return load_eight<kType>(copy, 0);
}

inline void transpose_eight(__m256 (&x)[8]) {
  __m256 pairs[8], quads[8];
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(x[i], x[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(x[i], x[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    quads[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
    quads[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
    quads[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
    quads[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
  }
  for (int i = 0; i < 4; ++i) {
    x[i] = _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x20);
    x[i + 4] = _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x31);
  }
}

// The part that is packed: rows row .. row + count - 1 as columns, of each the elements of the channels
// first_channel .. first_channel + channels - 1.
struct PackRange {
  int64_t row = 0, count = 0;
  int64_t first_channel = 0, channels = 0;
};

// Eight columns of `out`, lines `line_stride` apart, from range.count <= 8 rows; missing rows give zeros.
template <DType kType>
void pack_eight_columns(const PackSource& source, const PackRange& range, const PackOrder& order, float* out,
                        int64_t line_stride) {
  const int64_t elements = range.channels * order.taps;
  int64_t channel = 0, tap = 0;
  for (int64_t e = 0; e < elements; e += 8) {
    const int64_t width = min_of(8, elements - e);
    __m256 block[8];
    for (int64_t r = 0; r < 8; ++r) {
      const int64_t index = (range.row + r) * source.row_stride + range.first_channel * order.taps + e;
      if (r >= range.count)
        block[r] = _mm256_setzero_ps();
      else
        block[r] = width == 8 ? load_eight<kType>(source.data, index) : load_fewer<kType>(source.data, index, width);
    }
    transpose_eight(block);
    for (int64_t i = 0; i < width; ++i) {
      _mm256_storeu_ps(out + (channel * order.channel_step + tap * order.tap_step) * line_stride, block[i]);
      if (++tap == order.taps) {
        tap = 0;
        ++channel;
      }
    }
  }
}

// The same for kLanes columns and any dtype; range.count <= kLanes.
inline void pack_columns(const PackSource& source, const PackRange& range, const PackOrder& order, float* out,
                         int64_t line_stride) {
  for (int64_t c = 0; c < kLanes; c += 8) {
    PackRange part = range;
    part.row += c;
    part.count = max_of(0, min_of(8, range.count - c));
    switch (source.dtype) {
      case DType::f16: pack_eight_columns<DType::f16>(source, part, order, out + c, line_stride); break;
      case DType::bf16: pack_eight_columns<DType::bf16>(source, part, order, out + c, line_stride); break;
      default: pack_eight_columns<DType::f32>(source, part, order, out + c, line_stride);
    }
  }
}
