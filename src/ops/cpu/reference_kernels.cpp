// The plain variant: each operation as its formula says, sums in f64. What the other variants are tested against.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "ops/cpu/kernel_table.h"
#include "ops/cpu/reference_gradients.h"
#include "ops/cpu/tasks.h"

namespace easel::cpu {
namespace {

double weight_at(const void* weight, DType dtype, int64_t index) {
  switch (dtype) {
    case DType::f16: return f16_to_f32(static_cast<const uint16_t*>(weight)[index]);
    case DType::bf16: return bf16_to_f32(static_cast<const uint16_t*>(weight)[index]);
    default: return static_cast<const float*>(weight)[index];
  }
}

double gelu(double x) { return 0.5 * x * std::erfc(-x / std::numbers::sqrt2); }

double activated(double x, Activation activation) {
  switch (activation) {
    case Activation::silu: return x / (1.0 + std::exp(-x));
    case Activation::gelu: return gelu(x);
    case Activation::quick_gelu: return x / (1.0 + std::exp(-1.702 * x));
    case Activation::none:
    case Activation::geglu: return x;  // geglu pairs two columns: conv2d below
  }
  return x;
}

// The sum of one output element before the activation.
double conv2d_sum(const Conv2dProblem& p, int64_t n, int64_t y, int64_t x, int64_t out_channel) {
  double sum =
      (p.bias ? p.bias[out_channel] : 0.0) + (p.channel_bias ? p.channel_bias[n * p.out_channels + out_channel] : 0.0);
  for (int64_t ky = 0; ky < p.kernel_height; ++ky) {
    const int64_t in_y = y * p.stride + ky - p.pad_top;
    if (in_y < 0 || in_y >= p.in_height) continue;
    for (int64_t kx = 0; kx < p.kernel_width; ++kx) {
      const int64_t in_x = x * p.stride + kx - p.pad_left;
      if (in_x < 0 || in_x >= p.in_width) continue;
      const float* const row = p.x + ((n * p.in_height + in_y) * p.in_width + in_x) * p.in_channels;
      for (int64_t c = 0; c < p.in_channels; ++c) {
        const int64_t index =
            ((out_channel * p.in_channels + c) * p.kernel_height + ky) * p.kernel_width + kx;  // [C_out, C_in, kH, kW]
        sum += row[c] * weight_at(p.weight, p.weight_dtype, index);
      }
    }
  }
  return sum;
}

void conv2d(const Conv2dProblem& p) {
  const bool geglu = p.activation == Activation::geglu;
  const int64_t columns = geglu ? p.out_channels / 2 : p.out_channels;
  run_tasks(p.batch * p.out_height * p.out_width, [&](int64_t pixel, int) {
    const int64_t n = pixel / (p.out_height * p.out_width);
    const int64_t y = pixel / p.out_width % p.out_height, x = pixel % p.out_width;
    for (int64_t c = 0; c < columns; ++c) {
      double value = conv2d_sum(p, n, y, x, c);
      value = geglu ? value * gelu(conv2d_sum(p, n, y, x, columns + c)) : activated(value, p.activation);
      if (p.residual) value += p.residual[pixel * columns + c];
      p.y[place_in_y(p, n, y, x) * columns + c] = static_cast<float>(value);
    }
  });
}

// The sum over all pixels for one weight.
double weight_gradient(const Conv2dWeightGradient& p, int64_t out_channel, int64_t in_channel, int64_t ky, int64_t kx) {
  double sum = 0.0;
  for (int64_t pixel = 0; pixel < p.batch * p.out_height * p.out_width; ++pixel) {
    const int64_t n = pixel / (p.out_height * p.out_width);
    const int64_t y = pixel / p.out_width % p.out_height * p.stride + ky - p.pad_top;
    const int64_t x = pixel % p.out_width * p.stride + kx - p.pad_left;
    if (y >= 0 && y < p.in_height && x >= 0 && x < p.in_width)
      sum += double{p.grad_y[pixel * p.out_channels + out_channel]} *
             p.x[((n * p.in_height + y) * p.in_width + x) * p.in_channels + in_channel];
  }
  return sum;
}

void conv2d_grad_weight(const Conv2dWeightGradient& p) {
  run_tasks(p.out_channels * p.in_channels, [&](int64_t pair, int) {
    float* const filter = p.grad_weight + pair * p.kernel_height * p.kernel_width;
    for (int64_t ky = 0; ky < p.kernel_height; ++ky)
      for (int64_t kx = 0; kx < p.kernel_width; ++kx)
        filter[ky * p.kernel_width + kx] =
            static_cast<float>(weight_gradient(p, pair / p.in_channels, pair % p.in_channels, ky, kx));
  });
}

// One query of one head; `scores` holds L_k elements.
void attend(const AttentionProblem& p, int64_t n, int64_t query, int64_t head, std::vector<double>& scores) {
  const int64_t channels = p.num_heads * p.head_size, keys = p.causal ? query + 1 : p.key_tokens;
  const float* const q = p.q + (n * p.query_tokens + query) * channels + head * p.head_size;
  const float* const k = p.k + n * p.key_tokens * channels + head * p.head_size;
  const float* const v = p.v + n * p.key_tokens * channels + head * p.head_size;
  float* const y = p.y + (n * p.query_tokens + query) * channels + head * p.head_size;
  double maximum = -INFINITY, total = 0.0;
  for (int64_t i = 0; i < keys; ++i) {
    double dot = 0.0;
    for (int64_t d = 0; d < p.head_size; ++d) dot += double{q[d]} * k[i * channels + d];
    scores[static_cast<size_t>(i)] = dot * p.scale;
    maximum = std::max(maximum, dot * p.scale);
  }
  for (int64_t i = 0; i < keys; ++i) {
    double& score = scores[static_cast<size_t>(i)];
    score = std::exp(score - maximum);
    total += score;
  }
  for (int64_t d = 0; d < p.head_size; ++d) {
    double sum = 0.0;
    for (int64_t i = 0; i < keys; ++i) sum += scores[static_cast<size_t>(i)] * v[i * channels + d];
    y[d] = static_cast<float>(sum / total);
  }
}

void attention(const AttentionProblem& p) {
  run_tasks(p.batch * p.query_tokens, [&](int64_t task, int) {
    std::vector<double> scores(static_cast<size_t>(p.key_tokens));
    for (int64_t head = 0; head < p.num_heads; ++head)
      attend(p, task / p.query_tokens, task % p.query_tokens, head, scores);
  });
}

void group_norm_statistics(const GroupNormProblem& p, float* statistics) {
  const int64_t width = p.channels / p.num_groups;
  run_tasks(p.batch * p.num_groups, [&](int64_t task, int) {
    const float* const x = p.x + task / p.num_groups * p.pixels * p.channels + task % p.num_groups * width;
    const double count = static_cast<double>(p.pixels * width);
    double sum = 0.0, squares = 0.0;
    for (int64_t i = 0; i < p.pixels; ++i)
      for (int64_t c = 0; c < width; ++c) sum += x[i * p.channels + c];
    for (int64_t i = 0; i < p.pixels; ++i)
      for (int64_t c = 0; c < width; ++c) {
        const double difference = x[i * p.channels + c] - sum / count;
        squares += difference * difference;
      }
    statistics[3 * task] = static_cast<float>(count);
    statistics[3 * task + 1] = static_cast<float>(sum / count);
    statistics[3 * task + 2] = static_cast<float>(squares);
  });
}

void group_norm_apply(const GroupNormProblem& p, const GroupNormApplication& a) {
  const int64_t width = p.channels / p.num_groups;
  run_tasks(p.batch * p.pixels, [&](int64_t pixel, int) {
    for (int64_t c = 0; c < p.channels; ++c) {
      const float* const group = a.statistics + 3 * (pixel / p.pixels * p.num_groups + c / width);
      const double deviation = std::sqrt(double{group[2]} / group[0] + a.eps);
      const double value = (double{p.x[pixel * p.channels + c]} - group[1]) / deviation * a.weight[c] + a.bias[c];
      a.y[pixel * p.channels + c] = static_cast<float>(activated(value, a.silu ? Activation::silu : Activation::none));
    }
  });
}

void layer_norm(const LayerNormProblem& p) {
  run_tasks(p.rows, [&](int64_t row, int) {
    const float* const x = p.x + row * p.channels;
    double sum = 0.0, squares = 0.0;
    for (int64_t c = 0; c < p.channels; ++c) sum += x[c];
    const double mean = sum / static_cast<double>(p.channels);
    for (int64_t c = 0; c < p.channels; ++c) squares += (x[c] - mean) * (x[c] - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(p.channels) + p.eps);
    for (int64_t c = 0; c < p.channels; ++c)
      p.y[row * p.channels + c] = static_cast<float>((x[c] - mean) / deviation * p.weight[c] + p.bias[c]);
  });
}

void activate(const float* x, float* y, int64_t count, Activation activation) {
  for (int64_t i = 0; i < count; ++i) y[i] = static_cast<float>(activated(x[i], activation));
}

void geglu(const float* x, float* y, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows * columns; ++i) {
    const float* const pair = x + i / columns * 2 * columns + i % columns;
    y[i] = static_cast<float>(pair[0] * gelu(pair[columns]));
  }
}

constexpr int kFmaChains = 8;
constexpr int64_t kFlopsPerFmaIteration = int64_t{2} * kFmaChains;

void run_fma_chains(int64_t iterations) {
  volatile float start = 1.0f;
  float chains[kFmaChains];
  for (float& chain : chains) chain = start;
  for (int64_t k = 0; k < iterations; ++k)
    for (float& chain : chains) chain = chain * 0.999f + 0.001f;
  for (const float chain : chains) start = chain;
}

Kernels reference_table() {
  Kernels table{};
  table.name = "reference";
  table.conv2d = conv2d;
  table.conv2d_grad_weight = conv2d_grad_weight;
  table.attention = attention;
  table.group_norm_statistics = group_norm_statistics;
  table.group_norm_apply = group_norm_apply;
  table.layer_norm = layer_norm;
  table.activate = activate;
  table.geglu = geglu;
  table.run_fma_chains = run_fma_chains;
  table.flops_per_fma_iteration = kFlopsPerFmaIteration;
  table.attention_grad = reference::attention_grad;
  table.group_norm_grad = reference::group_norm_grad;
  table.layer_norm_grad = reference::layer_norm_grad;
  table.activate_grad = reference::activate_grad;
  table.geglu_grad = reference::geglu_grad;
  return table;
}

}  // namespace

const Kernels& reference_kernels() {
  static const Kernels table = reference_table();
  return table;
}

}  // namespace easel::cpu
