// vector_avx2.inl — eight f32 lanes: AVX2, FMA, F16C. +, -, * and / of the compiler's vector type are used as they are.
#pragma once

using Vector = __m256;
constexpr int kLanes = 8;
// Vectors of one micro-kernel row: 6 x 2 accumulators, two columns and one broadcast fill 15 of 16 registers.
constexpr int kPanelVectors = 2;

inline Vector zero_vector() { return _mm256_setzero_ps(); }
inline Vector broadcast(float value) { return _mm256_set1_ps(value); }
inline Vector load(const float* p) { return _mm256_loadu_ps(p); }
inline void store(float* p, Vector x) { _mm256_storeu_ps(p, x); }

inline __m256i first_lanes(int64_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
// The first `count` lanes; the others are zero, and nothing behind them is read or written. REQUIRES: 0 <= count <= 8.
// Whole vectors, nearly all, skip the mask: masked stores are microcode on AMD.
inline Vector load_first(const float* p, int64_t count) {
  return count == kLanes ? load(p) : _mm256_maskload_ps(p, first_lanes(count));
}
inline void store_first(float* p, Vector x, int64_t count) {
  if (count == kLanes)
    store(p, x);
  else
    _mm256_maskstore_ps(p, first_lanes(count), x);
}

inline Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }           // a b + c
inline Vector negated_fma(Vector a, Vector b, Vector c) { return _mm256_fnmadd_ps(a, b, c); }  // c - a b
inline Vector maximum(Vector a, Vector b) { return _mm256_max_ps(a, b); }
inline Vector minimum(Vector a, Vector b) { return _mm256_min_ps(a, b); }
inline Vector absolute(Vector x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
// negative where x has its sign bit set, otherwise positive.
inline Vector select_by_sign(Vector x, Vector negative, Vector positive) {
  return _mm256_blendv_ps(positive, negative, x);
}
inline Vector round_to_nearest(Vector x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
// x 2^n for integral n. REQUIRES: x and the result are normal numbers.
inline Vector scale_by_power_of_two(Vector x, Vector n) {
  const __m256i exponent = _mm256_slli_epi32(_mm256_cvtps_epi32(n), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x), exponent));
}

inline float sum_of_lanes(Vector x) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
inline float largest_lane(Vector x) {
  __m128 s = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  s = _mm_max_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}
