#include "ops/cpu/reference_gradients.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "ops/cpu/tasks.h"

namespace easel::cpu::reference {
namespace {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }
double normal_density(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi); }
double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
double gelu_slope(double x) { return normal_cdf(x) + x * normal_density(x); }

// d/dx x sigmoid(a x).
double gated_slope(double x, double a) {
  const double s = sigmoid(a * x);
  return s + a * x * s * (1.0 - s);
}

double slope(double x, Activation activation) {
  switch (activation) {
    case Activation::silu: return gated_slope(x, 1.0);
    case Activation::gelu: return gelu_slope(x);
    case Activation::quick_gelu: return gated_slope(x, 1.702);
    case Activation::none:
    case Activation::geglu: return 1.0;  // geglu pairs two columns: geglu_grad
  }
  return 1.0;
}

// A column of one head: element i is data[i * stride].
struct Column {
  const float* data;
  int64_t stride;
};

double dot(const float* a, const float* b, int64_t count) {
  double sum = 0.0;
  for (int64_t i = 0; i < count; ++i) sum += double{a[i]} * b[i];
  return sum;
}

// sum of factors[i * step] * column i.
double combine(const double* factors, int64_t step, const Column& column, int64_t count) {
  double sum = 0.0;
  for (int64_t i = 0; i < count; ++i) sum += factors[i * step] * column.data[i * column.stride];
  return sum;
}

// P and dS of one head, [L_q][L_k] each; q, k, v and grad_y point at the head's first row.
void differentiate_softmax(const AttentionProblem& p, const float* q, const float* k, const float* v,
                           const float* grad_y, double* probabilities, double* grad_scores) {
  const int64_t channels = p.num_heads * p.head_size;
  for (int64_t i = 0; i < p.query_tokens; ++i) {
    const int64_t visible = p.causal ? i + 1 : p.key_tokens;
    double *const row = probabilities + i * p.key_tokens, *const grads = grad_scores + i * p.key_tokens;
    double maximum = -INFINITY, total = 0.0, shared = 0.0;
    for (int64_t j = 0; j < visible; ++j) {
      row[j] = p.scale * dot(q + i * channels, k + j * channels, p.head_size);
      maximum = std::max(maximum, row[j]);
    }
    for (int64_t j = 0; j < visible; ++j) total += row[j] = std::exp(row[j] - maximum);
    for (int64_t j = 0; j < visible; ++j) {
      row[j] /= total;
      grads[j] = dot(grad_y + i * channels, v + j * channels, p.head_size);
      shared += row[j] * grads[j];
    }
    for (int64_t j = 0; j < visible; ++j) grads[j] = row[j] * (grads[j] - shared) * p.scale;
    std::fill(row + visible, row + p.key_tokens, 0.0);
    std::fill(grads + visible, grads + p.key_tokens, 0.0);
  }
}

}  // namespace

void attention_grad(const AttentionProblem& p, const AttentionGradient& gradient) {
  const int64_t channels = p.num_heads * p.head_size, queries = p.query_tokens, keys = p.key_tokens;
  run_tasks(p.batch * p.num_heads, [&](int64_t task, int) {
    const int64_t first = task % p.num_heads * p.head_size;
    const int64_t query = task / p.num_heads * queries * channels + first;
    const int64_t key = task / p.num_heads * keys * channels + first;
    std::vector<double> probabilities(static_cast<size_t>(queries * keys)), grad_scores(probabilities.size());
    differentiate_softmax(p, p.q + query, p.k + key, p.v + key, gradient.grad_y + query, probabilities.data(),
                          grad_scores.data());
    for (int64_t d = 0; d < p.head_size; ++d) {
      for (int64_t i = 0; i < queries; ++i)
        gradient.grad_q[query + i * channels + d] =
            static_cast<float>(combine(grad_scores.data() + i * keys, 1, {p.k + key + d, channels}, keys));
      for (int64_t j = 0; j < keys; ++j) {
        gradient.grad_k[key + j * channels + d] =
            static_cast<float>(combine(grad_scores.data() + j, keys, {p.q + query + d, channels}, queries));
        gradient.grad_v[key + j * channels + d] = static_cast<float>(
            combine(probabilities.data() + j, keys, {gradient.grad_y + query + d, channels}, queries));
      }
    }
  });
}

namespace {

// What group and layer normalisation share: u = (x - mean) / deviation, z = u weight + bias.
struct NormedElement {
  double unit, grad;  // u, dL/dz
};

// dL/dx of each element of a group that shares a mean: element(i, channel) gives u and dL/dz of the i-th.
template <typename Element, typename ChannelOf, typename Store>
void differentiate_group(int64_t count, double deviation, const float* weight, const Element& element,
                         const ChannelOf& channel_of, const Store& store) {
  double grads = 0.0, products = 0.0;
  for (int64_t i = 0; i < count; ++i) {
    const NormedElement e = element(i);
    grads += e.grad * weight[channel_of(i)];
    products += e.grad * weight[channel_of(i)] * e.unit;
  }
  for (int64_t i = 0; i < count; ++i) {
    const NormedElement e = element(i);
    const double mean_grad = grads / static_cast<double>(count), mean_product = products / static_cast<double>(count);
    store(i, (e.grad * weight[channel_of(i)] - mean_grad - e.unit * mean_product) / deviation);
  }
}

// grad_weight and grad_bias of one channel over all its elements.
template <typename Element>
void sum_channel(int64_t count, const Element& element, float* grad_weight, float* grad_bias) {
  double products = 0.0, grads = 0.0;
  for (int64_t i = 0; i < count; ++i) {
    const NormedElement e = element(i);
    products += e.grad * e.unit;
    grads += e.grad;
  }
  *grad_weight = static_cast<float>(products);
  *grad_bias = static_cast<float>(grads);
}

}  // namespace

void group_norm_grad(const GroupNormProblem& p, const GroupNormApplication& a, const NormGradient& gradient) {
  const int64_t width = p.channels / p.num_groups;
  const auto deviation_of = [&](const float* group) { return std::sqrt(double{group[2]} / group[0] + a.eps); };
  const auto element_at = [&](int64_t n, int64_t pixel, int64_t c) -> NormedElement {
    const float* const group = a.statistics + 3 * (n * p.num_groups + c / width);
    const int64_t index = (n * p.pixels + pixel) * p.channels + c;
    const double unit = (double{p.x[index]} - group[1]) / deviation_of(group);
    const double z = unit * a.weight[c] + a.bias[c];
    return {unit, gradient.grad_y[index] * (a.silu ? slope(z, Activation::silu) : 1.0)};
  };
  run_tasks(p.batch * p.num_groups, [&](int64_t task, int) {
    const int64_t n = task / p.num_groups, first = task % p.num_groups * width;
    const auto channel_of = [&](int64_t i) { return first + i % width; };
    differentiate_group(
        p.pixels * width, deviation_of(a.statistics + 3 * task), a.weight,
        [&](int64_t i) { return element_at(n, i / width, channel_of(i)); }, channel_of,
        [&](int64_t i, double grad) {
          gradient.grad_x[(n * p.pixels + i / width) * p.channels + channel_of(i)] = static_cast<float>(grad);
        });
  });
  run_tasks(p.channels, [&](int64_t c, int) {
    sum_channel(
        p.batch * p.pixels, [&](int64_t i) { return element_at(i / p.pixels, i % p.pixels, c); },
        gradient.grad_weight + c, gradient.grad_bias + c);
  });
}

void layer_norm_grad(const LayerNormProblem& p, const NormGradient& gradient) {
  std::vector<double> means(static_cast<size_t>(p.rows)), deviations(means.size());
  for (int64_t row = 0; row < p.rows; ++row) {
    const float* const x = p.x + row * p.channels;
    double sum = 0.0, squares = 0.0;
    for (int64_t c = 0; c < p.channels; ++c) sum += x[c];
    const double mean = sum / static_cast<double>(p.channels);
    for (int64_t c = 0; c < p.channels; ++c) squares += (x[c] - mean) * (x[c] - mean);
    means[static_cast<size_t>(row)] = mean;
    deviations[static_cast<size_t>(row)] = std::sqrt(squares / static_cast<double>(p.channels) + p.eps);
  }
  const auto element_at = [&](int64_t row, int64_t c) -> NormedElement {
    const double centred = p.x[row * p.channels + c] - means[static_cast<size_t>(row)];
    return {centred / deviations[static_cast<size_t>(row)], gradient.grad_y[row * p.channels + c]};
  };
  run_tasks(p.rows, [&](int64_t row, int) {
    differentiate_group(
        p.channels, deviations[static_cast<size_t>(row)], p.weight, [&](int64_t c) { return element_at(row, c); },
        [](int64_t c) { return c; },
        [&](int64_t c, double grad) { gradient.grad_x[row * p.channels + c] = static_cast<float>(grad); });
  });
  run_tasks(p.channels, [&](int64_t c, int) {
    sum_channel(
        p.rows, [&](int64_t row) { return element_at(row, c); }, gradient.grad_weight + c, gradient.grad_bias + c);
  });
}

void activate_grad(const float* grad_y, const float* x, float* grad_x, int64_t count, Activation activation) {
  for (int64_t i = 0; i < count; ++i) grad_x[i] = static_cast<float>(grad_y[i] * slope(x[i], activation));
}

void geglu_grad(const float* grad_y, const float* x, float* grad_x, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows * columns; ++i) {
    const int64_t value = i / columns * 2 * columns + i % columns, gate = value + columns;
    grad_x[value] = static_cast<float>(grad_y[i] * x[gate] * normal_cdf(x[gate]));
    grad_x[gate] = static_cast<float>(double{grad_y[i]} * x[value] * gelu_slope(x[gate]));
  }
}

}  // namespace easel::cpu::reference
