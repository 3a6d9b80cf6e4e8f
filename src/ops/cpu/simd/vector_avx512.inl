// vector_avx512.inl — sixteen f32 lanes: AVX-512 F, BW, DQ, VL. Functions as in vector_avx2.inl.
#pragma once

using Vector = __m512;
constexpr int kLanes = 16;
// Vectors of one micro-kernel row: 6 x 4 accumulators, four columns and one broadcast take 29 of 32 registers.
constexpr int kPanelVectors = 4;

inline Vector zero_vector() { return _mm512_setzero_ps(); }
inline Vector broadcast(float value) { return _mm512_set1_ps(value); }
inline Vector load(const float* p) { return _mm512_loadu_ps(p); }
inline void store(float* p, Vector x) { _mm512_storeu_ps(p, x); }

inline __mmask16 first_lanes(int64_t count) { return static_cast<__mmask16>((1u << count) - 1); }
// The first `count` lanes; the others are zero, and nothing behind them is read or written. REQUIRES: 0 <= count <= 16.
inline Vector load_first(const float* p, int64_t count) {
  return count == kLanes ? load(p) : _mm512_maskz_loadu_ps(first_lanes(count), p);
}
inline void store_first(float* p, Vector x, int64_t count) {
  if (count == kLanes)
    store(p, x);
  else
    _mm512_mask_storeu_ps(p, first_lanes(count), x);
}

inline Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }           // a b + c
inline Vector negated_fma(Vector a, Vector b, Vector c) { return _mm512_fnmadd_ps(a, b, c); }  // c - a b
inline Vector maximum(Vector a, Vector b) { return _mm512_max_ps(a, b); }
inline Vector minimum(Vector a, Vector b) { return _mm512_min_ps(a, b); }
inline Vector absolute(Vector x) { return _mm512_andnot_ps(_mm512_set1_ps(-0.0f), x); }
// negative where x has its sign bit set, otherwise positive.
inline Vector select_by_sign(Vector x, Vector negative, Vector positive) {
  return _mm512_mask_blend_ps(_mm512_movepi32_mask(_mm512_castps_si512(x)), positive, negative);
}
inline Vector round_to_nearest(Vector x) { return _mm512_roundscale_ps(x, 0); }  // 0: nearest integer, ties to even
// x 2^n for integral n. REQUIRES: x and the result are normal numbers.
inline Vector scale_by_power_of_two(Vector x, Vector n) { return _mm512_scalef_ps(x, n); }

inline float sum_of_lanes(Vector x) { return _mm512_reduce_add_ps(x); }
inline float largest_lane(Vector x) { return _mm512_reduce_max_ps(x); }
