#include "ops/cpu/row_ops.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "tensor/parallel.h"

namespace easel::cpu {
namespace {

constexpr double kSmallestNorm = 1e-12;  // torch.nn.functional.normalize's eps

using Row = std::span<const float>;

// body(row, its index) over the `count` rows of x.
template <typename Body>
void for_each_row(const Tensor& x, int64_t count, const Body& body) {
  const int64_t width = x.numel() / count;
  parallel_for(count, [&](int64_t row, int) { body(Row(x.f32() + row * width, static_cast<size_t>(width)), row); });
}

// y = function(row, value) of every element, rows being those of the last dimension.
template <typename Prepare, typename Function>
Tensor by_last_dimension(const Tensor& x, const Prepare& prepare, const Function& function) {
  Tensor y = Tensor::empty(x.shape());
  for_each_row(x, x.numel() / x.dim(-1), [&](Row row, int64_t index) {
    const double constant = prepare(row);
    float* const out = y.f32() + index * x.dim(-1);
    for (size_t i = 0; i < row.size(); ++i) out[i] = static_cast<float>(function(row[i], constant));
  });
  return y;
}

double log_sum_exp(Row row) {
  const double largest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (const float value : row) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

double norm(Row row) {
  double sum = 0;
  for (const float value : row) sum += static_cast<double>(value) * value;
  return std::max(std::sqrt(sum), kSmallestNorm);
}

}  // namespace

Tensor row_means(const Tensor& x) {
  Tensor means = Tensor::empty({x.dim(0)});
  for_each_row(x, x.dim(0), [&](Row row, int64_t index) {
    double sum = 0;
    for (const float value : row) sum += value;
    means.f32()[index] = static_cast<float>(sum / static_cast<double>(row.size()));
  });
  return means;
}

Tensor scale_rows(const Tensor& x, const Tensor& scales) {
  Tensor y = Tensor::empty(x.shape());
  for_each_row(x, x.dim(0), [&](Row row, int64_t index) {
    float* const out = y.f32() + index * static_cast<int64_t>(row.size());
    for (size_t i = 0; i < row.size(); ++i) out[i] = row[i] * scales.f32()[index];
  });
  return y;
}

Tensor log_softmax(const Tensor& x) {
  return by_last_dimension(x, log_sum_exp, [](double value, double total) { return value - total; });
}

Tensor l2_normalize(const Tensor& x) {
  return by_last_dimension(x, norm, [](double value, double length) { return value / length; });
}

}  // namespace easel::cpu
