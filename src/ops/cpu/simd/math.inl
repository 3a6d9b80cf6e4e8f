// math.inl — exponentials and activations on vectors.
#pragma once

#include "ops/cpu/simd/tiling.inl"

// 2^f for |f| <= 1/2 by interpolation at the Chebyshev nodes, degree 6 with the constant term held at 1: 9.2e-9
// relative with these rounded coefficients, so that rounding decides the error.
inline Vector exp2_of_fraction(Vector f) {
  Vector p = broadcast(1.5453163e-4f);
  p = fma(p, f, broadcast(1.3390863e-3f));
  p = fma(p, f, broadcast(9.618083e-3f));
  p = fma(p, f, broadcast(5.5503570e-2f));
  p = fma(p, f, broadcast(0.24022651f));
  p = fma(p, f, broadcast(0.69314718f));
  return fma(p, f, broadcast(1.0f));
}

// x limited to [low, high]; NaN stays NaN (maximum and minimum give their second operand then).
inline Vector limited(Vector x, float low, float high) { return minimum(broadcast(high), maximum(broadcast(low), x)); }

// 2^t = 2^n 2^f. Below 2^-125 the result stays at that value.
inline Vector exp2_of(Vector t) {
  t = limited(t, -125.0f, 127.0f);
  const Vector n = round_to_nearest(t);
  return scale_by_power_of_two(exp2_of_fraction(t - n), n);
}

// e^x = 2^n 2^f, n = round(x log2 e). log2 e is the sum of its f32 rounding and the rest, so that f is exact to f32.
inline Vector exp_of(Vector x) {
  const Vector log2e = broadcast(1.44269502f), rest = broadcast(1.92596303e-8f);
  x = limited(x, -86.0f, 88.0f);  // 2^-125 .. 2^127
  const Vector n = round_to_nearest(x * log2e);
  return scale_by_power_of_two(exp2_of_fraction(fma(x, rest, fma(x, log2e, zero_vector() - n))), n);
}

inline Vector sigmoid(Vector x) { return broadcast(1.0f) / (broadcast(1.0f) + exp_of(zero_vector() - x)); }

// e^(-x^2 / 2), by the same steps wherever it is needed, so that the compiler computes it once.
inline Vector gaussian(Vector x) {
  const Vector z = absolute(x) * broadcast(0.70710678f);
  return exp_of(zero_vector() - z * z);
}

// Phi(x), the normal distribution: Phi(-|x|) = erfc(z) / 2, z = |x| / sqrt(2), erfc(z) = e^(-z^2) t q(t), t = 1 / (1 +
// z / 2) (the substitution of Abramowitz & Stegun 7.1.26). q interpolates erfc(z) e^(z^2) / t at the Chebyshev nodes of
// t in [0.18, 1], z up to 9.1: 7.9e-8 relative.
inline Vector normal_cdf(Vector x) {
  const Vector one = broadcast(1.0f);
  const Vector z = absolute(x) * broadcast(0.70710678f);
  const Vector t = one / fma(z, broadcast(0.5f), one);
  Vector q = broadcast(-0.0589797162f);
  q = fma(q, t, broadcast(0.284261525f));
  q = fma(q, t, broadcast(-0.48679027f));
  q = fma(q, t, broadcast(0.277847379f));
  q = fma(q, t, broadcast(-0.0266199391f));
  q = fma(q, t, broadcast(0.202731118f));
  q = fma(q, t, broadcast(0.243085608f));
  q = fma(q, t, broadcast(0.282377988f));
  q = fma(q, t, broadcast(0.282086313f));
  const Vector tail = broadcast(0.5f) * t * q * gaussian(x);  // Phi(-|x|)
  return select_by_sign(x, tail, one - tail);
}

inline Vector gelu(Vector x) { return x * normal_cdf(x); }

inline Vector activated(Vector x, Activation activation) {
  switch (activation) {
    case Activation::silu: return x * sigmoid(x);
    case Activation::gelu: return gelu(x);
    case Activation::quick_gelu: return x * sigmoid(broadcast(1.702f) * x);
    case Activation::none:
    case Activation::geglu: return x;  // geglu pairs two columns: its caller's business
  }
  return x;
}

// Derivatives. d/dx x Phi(x) = Phi(x) + x phi(x), phi(x) = e^(-x^2 / 2) / sqrt(2 pi).
inline Vector gelu_slope(Vector x) {
  constexpr float kInverseSqrt2Pi = 0.398942280f;
  const Vector density = broadcast(kInverseSqrt2Pi) * gaussian(x);
  return fma(x, density, normal_cdf(x));
}

// d/dx x s(a x) = s + a x s (1 - s), s the sigmoid of a x.
inline Vector gated_slope(Vector x, float a) {
  const Vector ax = broadcast(a) * x, s = sigmoid(ax);
  return fma(ax * s, broadcast(1.0f) - s, s);
}

inline Vector slope(Vector x, Activation activation) {
  switch (activation) {
    case Activation::silu: return gated_slope(x, 1.0f);
    case Activation::gelu: return gelu_slope(x);
    case Activation::quick_gelu: return gated_slope(x, 1.702f);
    case Activation::none:
    case Activation::geglu: return broadcast(1.0f);  // geglu pairs two columns: geglu_grad
  }
  return broadcast(1.0f);
}

void activate(const float* x, float* y, int64_t count, Activation activation) {
  for (int64_t i = 0; i < count; i += kLanes) {
    const int64_t lanes = min_of(kLanes, count - i);
    store_first(y + i, activated(load_first(x + i, lanes), activation), lanes);
  }
}

void activate_grad(const float* grad_y, const float* x, float* grad_x, int64_t count, Activation activation) {
  for (int64_t i = 0; i < count; i += kLanes) {
    const int64_t lanes = min_of(kLanes, count - i);
    store_first(grad_x + i, load_first(grad_y + i, lanes) * slope(load_first(x + i, lanes), activation), lanes);
  }
}

void geglu(const float* x, float* y, int64_t rows, int64_t columns) {
  for (int64_t row = 0; row < rows; ++row, x += 2 * columns, y += columns)
    for (int64_t c = 0; c < columns; c += kLanes) {
      const int64_t lanes = min_of(kLanes, columns - c);
      store_first(y + c, load_first(x + c, lanes) * gelu(load_first(x + columns + c, lanes)), lanes);
    }
}

void geglu_grad(const float* grad_y, const float* x, float* grad_x, int64_t rows, int64_t columns) {
  for (int64_t row = 0; row < rows; ++row, grad_y += columns, x += 2 * columns, grad_x += 2 * columns)
    for (int64_t c = 0; c < columns; c += kLanes) {
      const int64_t lanes = min_of(kLanes, columns - c);
      const Vector grad = load_first(grad_y + c, lanes), gate = load_first(x + columns + c, lanes);
      store_first(grad_x + c, grad * gelu(gate), lanes);
      store_first(grad_x + columns + c, grad * load_first(x + c, lanes) * gelu_slope(gate), lanes);
    }
}
