#include "ops/cpu/elementwise.h"

#include <algorithm>
#include <cmath>

#include "ops/cpu/kernel_table.h"
#include "ops/cpu/kernels.h"
#include "tensor/parallel.h"

namespace easel::cpu {
namespace {

// Elements of one task: 64 KiB, which stay in the second-level cache while several terms pass over them.
constexpr int64_t kBlock = 16384;

// body(begin, count) over the elements 0..count-1 in blocks.
template <typename Body>
void for_each_block(int64_t count, const Body& body) {
  parallel_for((count + kBlock - 1) / kBlock,
               [&](int64_t task, int) { body(task * kBlock, std::min(kBlock, count - task * kBlock)); });
}

// body(first row, rows) over rows of `columns` elements in blocks.
template <typename Body>
void for_each_block_of_rows(int64_t rows, int64_t columns, const Body& body) {
  const int64_t block = std::max<int64_t>(1, kBlock / columns);
  parallel_for((rows + block - 1) / block,
               [&](int64_t task, int) { body(task * block, std::min(block, rows - task * block)); });
}

// function of every element.
template <typename Function>
Tensor mapped(const Tensor& x, const Function& function) {
  Tensor y = Tensor::empty(x.shape());
  for_each_block(x.numel(), [&](int64_t begin, int64_t count) {
    const float* const in = x.f32() + begin;
    float* const out = y.f32() + begin;
    for (int64_t i = 0; i < count; ++i) out[i] = function(in[i]);
  });
  return y;
}

Tensor geglu(const Tensor& x) {
  const int64_t columns = x.dim(-1) / 2;
  Tensor y = Tensor::empty(x.shape().with(-1, columns));
  const Kernels& table = kernels();
  for_each_block_of_rows(y.numel() / columns, columns, [&](int64_t begin, int64_t count) {
    table.geglu(x.f32() + 2 * begin * columns, y.f32() + begin * columns, count, columns);
  });
  return y;
}

Tensor geglu_grad(const Tensor& grad_y, const Tensor& x) {
  const int64_t columns = grad_y.dim(-1);
  Tensor grad_x = Tensor::empty(x.shape());
  const Kernels& table = kernels();
  for_each_block_of_rows(grad_y.numel() / columns, columns, [&](int64_t begin, int64_t count) {
    table.geglu_grad(grad_y.f32() + begin * columns, x.f32() + 2 * begin * columns, grad_x.f32() + 2 * begin * columns,
                     count, columns);
  });
  return grad_x;
}

}  // namespace

Tensor activate(const Tensor& x, Activation activation) {
  if (activation == Activation::geglu) return geglu(x);
  Tensor y = Tensor::empty(x.shape());
  const Kernels& table = kernels();
  for_each_block(x.numel(), [&](int64_t begin, int64_t count) {
    table.activate(x.f32() + begin, y.f32() + begin, count, activation);
  });
  return y;
}

Tensor activate_grad(const Tensor& grad_y, const Tensor& x, Activation activation) {
  if (activation == Activation::geglu) return geglu_grad(grad_y, x);
  Tensor grad_x = Tensor::empty(x.shape());
  const Kernels& table = kernels();
  for_each_block(x.numel(), [&](int64_t begin, int64_t count) {
    table.activate_grad(grad_y.f32() + begin, x.f32() + begin, grad_x.f32() + begin, count, activation);
  });
  return grad_x;
}

Tensor multiply(const Tensor& a, const Tensor& b) {
  Tensor y = Tensor::empty(a.shape());
  for_each_block(a.numel(), [&](int64_t begin, int64_t count) {
    const float *const left = a.f32() + begin, *const right = b.f32() + begin;
    float* const out = y.f32() + begin;
    for (int64_t i = 0; i < count; ++i) out[i] = left[i] * right[i];
  });
  return y;
}

Tensor clamp(const Tensor& x, float low, float high) {
  return mapped(x, [low, high](float value) { return std::clamp(value, low, high); });
}

Tensor affine(const Tensor& x, float scale, float shift) {
  return mapped(x, [scale, shift](float value) { return scale * value + shift; });
}

Tensor exponential(const Tensor& x) {
  return mapped(x, [](float value) { return std::exp(value); });
}

Tensor absolute(const Tensor& x) {
  return mapped(x, [](float value) { return std::fabs(value); });
}

Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) {
  Tensor y = Tensor::empty(terms[0].second.shape());
  for_each_block(y.numel(), [&](int64_t begin, int64_t count) {
    float* const out = y.f32() + begin;
    for (size_t term = 0; term < terms.size(); ++term) {
      const float coefficient = static_cast<float>(terms[term].first);
      const float* const in = terms[term].second.f32() + begin;
      if (term == 0)
        for (int64_t i = 0; i < count; ++i) out[i] = coefficient * in[i];
      else
        for (int64_t i = 0; i < count; ++i) out[i] += coefficient * in[i];
    }
  });
  return y;
}

}  // namespace easel::cpu
