#include "diffusion/beta_distribution.h"

#include <cmath>

namespace easel {
namespace {

// Continued fraction of I_x(a, b), 1 / (1 + d_1 / (1 + d_2 / …)), by the modified Lentz method; NIST DLMF 8.17.22.
// Converges fast for x < (a + 1) / (a + b + 2).
double continued_fraction(double x, double a, double b) {
  constexpr int kMostTerms = 300;
  constexpr double kTiny = 1e-300, kPrecision = 1e-15;
  double c = 1.0, d = 0.0, denominator = 1.0;
  for (int n = 1; n < kMostTerms; ++n) {
    const int m = n / 2;
    const double term = n % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                                   : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1.0 + term * d;
    d = 1.0 / (std::fabs(d) < kTiny ? kTiny : d);
    c = 1.0 + term / (std::fabs(c) < kTiny ? kTiny : c);
    denominator *= c * d;
    if (std::fabs(c * d - 1.0) < kPrecision) break;
  }
  return 1.0 / denominator;
}

double regularised_incomplete_beta(double x, double a, double b) {
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  if (x > (a + 1.0) / (a + b + 2.0)) return 1.0 - regularised_incomplete_beta(1.0 - x, b, a);
  const double log_beta = std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  return std::exp(a * std::log(x) + b * std::log1p(-x) - log_beta) / a * continued_fraction(x, a, b);
}

}  // namespace

double beta_quantile(double p, double a, double b) {
  double low = 0.0, high = 1.0;
  while (high - low > 1e-12) {
    const double middle = (low + high) / 2;
    (regularised_incomplete_beta(middle, a, b) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace easel
