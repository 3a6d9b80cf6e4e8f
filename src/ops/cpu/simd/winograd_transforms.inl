// winograd_transforms.inl — the three small matrices of F(4x4, 3x3), applied to vectors of channels.
//
// Lavin & Gray 2015, arXiv:1509.09308, eq. 8: Y = A^T [(G g G^T) * (B^T d B)] A, with 6x6 tiles d of the input that
// overlap by two, and 4x4 tiles Y of the result: 36 products instead of 144. The matrices follow from the points of
// interpolation (Toom-Cook); these are 0, +-a, +-b and infinity with a = sqrt(1/2), b = sqrt(2), for which
// a b = 1 and the factors stay near one: about half the error of the paper's 0, +-1, +-2 (Barabasz et al. 2018,
// arXiv:1803.10986, on choosing points). One dimension of
//
//         1  0  -5/2   0   1  0            1     0     0            1  1   1   1    1  0
//         0 -b   -2    a   1  0         -2/3 -2/3a  -1/3      A^T = 0  a  -a   b   -b  0
//   B^T = 0  b   -2   -a   1  0     G = -2/3  2/3a  -1/3            0 1/2 1/2  2    2  0
//         0 -a  -1/2   b   1  0          1/6   b/6   1/3            0 a/2 -a/2 2b -2b  1
//         0  a  -1/2  -b   1  0          1/6  -b/6   1/3
//         0  1    0  -5/2  0  1            0     0     1
#pragma once

constexpr float kPointA = 0.70710678f, kPointB = 1.41421356f;
constexpr int kTileIn = 6, kTileOut = 4, kTileProducts = kTileIn * kTileIn;

// One dimension each; elements lie `step` vectors apart in `in` and `out`.
inline void transform_input_line(const Vector* in, Vector* out, int step) {
  const Vector d0 = in[0], d1 = in[step], d2 = in[2 * step], d3 = in[3 * step], d4 = in[4 * step], d5 = in[5 * step];
  const Vector even_a = negated_fma(broadcast(2.0f), d2, d4), odd_a = negated_fma(broadcast(2.0f), d1, d3);
  const Vector even_b = negated_fma(broadcast(0.5f), d2, d4), odd_b = negated_fma(broadcast(0.5f), d1, d3);
  out[0] = negated_fma(broadcast(2.5f), d2, d0 + d4);
  out[step] = fma(broadcast(kPointA), odd_a, even_a);
  out[2 * step] = negated_fma(broadcast(kPointA), odd_a, even_a);
  out[3 * step] = fma(broadcast(kPointB), odd_b, even_b);
  out[4 * step] = negated_fma(broadcast(kPointB), odd_b, even_b);
  out[5 * step] = negated_fma(broadcast(2.5f), d3, d1 + d5);
}

inline void transform_filter_line(Vector g0, Vector g1, Vector g2, Vector* out, int step) {
  const Vector even_a = fma(broadcast(-1.0f / 3.0f), g2, broadcast(-2.0f / 3.0f) * g0);
  const Vector even_b = fma(broadcast(1.0f / 3.0f), g2, broadcast(1.0f / 6.0f) * g0);
  out[0] = g0;
  out[step] = negated_fma(broadcast(kPointA * 2.0f / 3.0f), g1, even_a);
  out[2 * step] = fma(broadcast(kPointA * 2.0f / 3.0f), g1, even_a);
  out[3 * step] = fma(broadcast(kPointB / 6.0f), g1, even_b);
  out[4 * step] = negated_fma(broadcast(kPointB / 6.0f), g1, even_b);
  out[5 * step] = g2;
}

inline void transform_output_line(const Vector* in, Vector* out, int step) {
  const Vector sum_a = in[step] + in[2 * step], difference_a = in[step] - in[2 * step];
  const Vector sum_b = in[3 * step] + in[4 * step], difference_b = in[3 * step] - in[4 * step];
  out[0] = in[0] + sum_a + sum_b;
  out[step] = fma(broadcast(kPointA), difference_a, broadcast(kPointB) * difference_b);
  out[2 * step] = fma(broadcast(0.5f), sum_a, broadcast(2.0f) * sum_b);
  out[3 * step] =
      fma(broadcast(kPointA / 2.0f), difference_a, fma(broadcast(kPointB * 2.0f), difference_b, in[5 * step]));
}

// The adjoints of the last two, with which gradients go backwards: of L by Y to L by M, A dY A^T, and of L by U to L by
// g, G^T dU G.
inline void transform_output_line_adjoint(const Vector* in, Vector* out, int in_step, int out_step) {
  const Vector y0 = in[0], y1 = in[in_step], y2 = in[2 * in_step], y3 = in[3 * in_step];
  const Vector even_a = fma(broadcast(0.5f), y2, y0), even_b = fma(broadcast(2.0f), y2, y0);
  const Vector odd_a = fma(broadcast(kPointA / 2.0f), y3, broadcast(kPointA) * y1);
  const Vector odd_b = fma(broadcast(kPointB * 2.0f), y3, broadcast(kPointB) * y1);
  out[0] = y0;
  out[out_step] = even_a + odd_a;
  out[2 * out_step] = even_a - odd_a;
  out[3 * out_step] = even_b + odd_b;
  out[4 * out_step] = even_b - odd_b;
  out[5 * out_step] = y3;
}

inline void transform_filter_line_adjoint(const Vector* in, Vector* out, int in_step, int out_step) {
  const Vector sum_a = in[in_step] + in[2 * in_step], difference_a = in[in_step] - in[2 * in_step];
  const Vector sum_b = in[3 * in_step] + in[4 * in_step], difference_b = in[3 * in_step] - in[4 * in_step];
  out[0] = fma(broadcast(1.0f / 6.0f), sum_b, negated_fma(broadcast(2.0f / 3.0f), sum_a, in[0]));
  out[out_step] = negated_fma(broadcast(kPointA * 2.0f / 3.0f), difference_a, broadcast(kPointB / 6.0f) * difference_b);
  out[2 * out_step] = fma(broadcast(1.0f / 3.0f), sum_b - sum_a, in[5 * in_step]);
}

// d: [6][6] in place to B^T d B.
inline void transform_input(Vector (&d)[kTileProducts]) {
  for (int x = 0; x < kTileIn; ++x) transform_input_line(d + x, d + x, kTileIn);
  for (int y = 0; y < kTileIn; ++y) transform_input_line(d + y * kTileIn, d + y * kTileIn, 1);
}

// g: [3][3]; u: [6][6] = G g G^T.
inline void transform_filter(const Vector (&g)[9], Vector (&u)[kTileProducts]) {
  Vector columns[kTileIn * 3];  // [6][3] = G g
  for (int x = 0; x < 3; ++x) transform_filter_line(g[x], g[3 + x], g[6 + x], columns + x, 3);
  for (int y = 0; y < kTileIn; ++y)
    transform_filter_line(columns[3 * y], columns[3 * y + 1], columns[3 * y + 2], u + y * kTileIn, 1);
}

// m: [6][6]; y: [4][4] = A^T m A.
inline void transform_output(const Vector (&m)[kTileProducts], Vector (&y)[kTileOut * kTileOut]) {
  Vector lines[kTileOut * kTileIn];  // [4][6] = A^T m
  for (int x = 0; x < kTileIn; ++x) transform_output_line(m + x, lines + x, kTileIn);
  for (int row = 0; row < kTileOut; ++row) transform_output_line(lines + row * kTileIn, y + row * kTileOut, 1);
}

// y: [4][4]; m: [6][6] = A y A^T.
inline void transform_output_adjoint(const Vector (&y)[kTileOut * kTileOut], Vector (&m)[kTileProducts]) {
  Vector lines[kTileIn * kTileOut];  // [6][4] = A y
  for (int x = 0; x < kTileOut; ++x) transform_output_line_adjoint(y + x, lines + x, kTileOut, kTileOut);
  for (int row = 0; row < kTileIn; ++row)
    transform_output_line_adjoint(lines + row * kTileOut, m + row * kTileIn, 1, 1);
}

// u: [6][6]; g: [3][3] = G^T u G.
inline void transform_filter_adjoint(const Vector (&u)[kTileProducts], Vector (&g)[9]) {
  Vector lines[3 * kTileIn];  // [3][6] = G^T u
  for (int x = 0; x < kTileIn; ++x) transform_filter_line_adjoint(u + x, lines + x, kTileIn, kTileIn);
  for (int row = 0; row < 3; ++row) transform_filter_line_adjoint(lines + row * kTileIn, g + row * 3, 1, 1);
}
