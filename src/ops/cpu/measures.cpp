#include "ops/cpu/measures.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <span>

#include "tensor/parallel.h"

namespace easel::cpu {
namespace {

using Row = std::span<const float>;

// measure(row) of each x[n], on all threads.
template <typename Measure>
std::vector<double> of_rows(const Tensor& x, const Measure& measure) {
  std::vector<double> measures(static_cast<size_t>(x.dim(0)));
  const auto width = static_cast<size_t>(x.numel() / x.dim(0));
  parallel_for(x.dim(0), [&](int64_t n, int) {
    measures[static_cast<size_t>(n)] = measure(Row(x.f32() + n * static_cast<int64_t>(width), width));
  });
  return measures;
}

double deviation(Row row) {
  double mean = 0.0, squares = 0.0;
  for (const float value : row) mean += value;
  mean /= static_cast<double>(row.size());
  for (const float value : row) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(row.size() - 1));
}

double quantile(Row row, double q) {
  std::vector<float> values(row.begin(), row.end());
  const double position = q * static_cast<double>(values.size() - 1);
  const auto low = values.begin() + static_cast<std::ptrdiff_t>(position);
  std::nth_element(values.begin(), low, values.end());
  const float next = low + 1 == values.end() ? *low : *std::min_element(low + 1, values.end());
  return std::lerp(static_cast<double>(*low), static_cast<double>(next), position - std::floor(position));
}

}  // namespace

bool all_finite(const Tensor& x) {
  constexpr int64_t kBlock = 16384;
  std::atomic<bool> finite{true};
  parallel_for((x.numel() + kBlock - 1) / kBlock, [&](int64_t task, int) {
    const float* const begin = x.f32() + task * kBlock;
    const float* const end = x.f32() + std::min(x.numel(), (task + 1) * kBlock);
    if (!std::all_of(begin, end, [](float value) { return std::isfinite(value); })) finite = false;
  });
  return finite;
}

std::vector<double> row_deviations(const Tensor& x) { return of_rows(x, deviation); }

std::vector<double> row_quantiles(const Tensor& x, double q) {
  return of_rows(x, [q](Row row) { return quantile(row, q); });
}

double error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol) {
  double sum = 0.0;
  for (int64_t i = 0; i < a.numel(); ++i) {
    const double size = std::max(std::fabs(a.f32()[i]), std::fabs(x.f32()[i]));
    const double error = (a.f32()[i] - b.f32()[i]) / std::max(atol, rtol * size);
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<double>(a.numel()));
}

}  // namespace easel::cpu
