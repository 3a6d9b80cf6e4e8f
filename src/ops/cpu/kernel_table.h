// kernel_table.h — the functions that a variant of the cpu backend provides, and their operands.
//
// Operands are raw pointers to contiguous f32 (weights excepted), valid and non-overlapping; the backend has checked
// them. Every function spreads its work over the process's threads itself. Results do not depend on the number of
// threads: each output element sees the same operations in the same order.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/ops.h"

namespace easel::cpu {

// Extents of a convolution; a linear layer is the case of a 1x1 filter over batch * in_height * in_width rows (all
// three are then free).
struct Conv2dGeometry {
  int64_t batch = 1, in_height = 1, in_width = 1, in_channels = 0;
  int64_t out_height = 1, out_width = 1, out_channels = 0;
  int64_t kernel_height = 1, kernel_width = 1, stride = 1;
  int64_t pad_top = 0, pad_left = 0;  // negative: the picture's first rows or columns are left out
};

// conv2d of ops.h.
struct Conv2dProblem : Conv2dGeometry {
  const float* x = nullptr;      // [N, H, W, C_in]
  const void* weight = nullptr;  // [C_out, C_in, kH, kW]
  DType weight_dtype = DType::f32;
  float* y = nullptr;  // [N, H_out, W_out, C_out], or C_out / 2 channels for geglu
  // Distances in y between results, in pixels, where it is not dense: one phase of a larger picture. 0: dense.
  int64_t y_picture_step = 0, y_row_step = 0, y_column_step = 0;
  const float* bias = nullptr;          // [C_out] or null
  const float* channel_bias = nullptr;  // [N, C_out] or null
  const float* residual = nullptr;      // dense, [N, H_out, W_out, columns of y], or null
  Activation activation = Activation::none;
};

// The gradient of a convolution's weights: conv2d_grad_weight of gradients.h.
struct Conv2dWeightGradient : Conv2dGeometry {
  const float* x = nullptr;       // [N, H, W, C_in]
  const float* grad_y = nullptr;  // [N, H_out, W_out, C_out]
  float* grad_weight = nullptr;   // [C_out, C_in, kH, kW]
};

struct AttentionProblem {
  const float* q = nullptr;  // [N, L_q, heads * D]
  const float* k = nullptr;  // [N, L_k, heads * D]
  const float* v = nullptr;  // [N, L_k, heads * D]
  float* y = nullptr;        // [N, L_q, heads * D]
  int64_t batch = 1, query_tokens = 0, key_tokens = 0, num_heads = 1, head_size = 0;
  float scale = 1.0f;
  bool causal = false;
};

// Of checked operands; y stays null.
AttentionProblem attention_problem(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options);

struct GroupNormProblem {
  const float* x = nullptr;  // [N, H * W, C]
  int64_t batch = 1, pixels = 0, channels = 0, num_groups = 1;
};

struct GroupNormApplication {
  const float* statistics = nullptr;  // [N, G, 3]: count, mean, sum of squared differences from the mean
  const float* weight = nullptr;      // [C]
  const float* bias = nullptr;        // [C]
  float eps = 0.0f;
  bool silu = false;
  float* y = nullptr;  // shape of x
};

struct LayerNormProblem {
  const float* x = nullptr;       // [rows, C]
  const float* weight = nullptr;  // [C]
  const float* bias = nullptr;    // [C]
  float* y = nullptr;             // [rows, C]
  int64_t rows = 0, channels = 0;
  float eps = 0.0f;
};

// What flows into and out of the gradient of a norm; its forward operands come in the problem, whose y is not read.
struct NormGradient {
  const float* grad_y = nullptr;  // shape of y
  float* grad_x = nullptr;        // shape of x
  float* grad_weight = nullptr;   // [C]
  float* grad_bias = nullptr;     // [C]
};

// The same for attention.
struct AttentionGradient {
  const float* grad_y = nullptr;  // [N, L_q, heads * D]
  float* grad_q = nullptr;        // [N, L_q, heads * D]
  float* grad_k = nullptr;        // [N, L_k, heads * D]
  float* grad_v = nullptr;        // [N, L_k, heads * D]
};

struct Kernels {
  const char* name;
  void (*conv2d)(const Conv2dProblem& problem);
  void (*conv2d_grad_weight)(const Conv2dWeightGradient& problem);
  void (*attention)(const AttentionProblem& problem);
  void (*group_norm_statistics)(const GroupNormProblem& problem, float* statistics);
  void (*group_norm_apply)(const GroupNormProblem& problem, const GroupNormApplication& application);
  void (*layer_norm)(const LayerNormProblem& problem);
  void (*activate)(const float* x, float* y, int64_t count, Activation activation);
  void (*geglu)(const float* x, float* y, int64_t rows, int64_t columns);  // x: [rows, 2 columns]; y: [rows, columns]
  // Independent multiply-adds in registers, flops_per_fma_iteration operations each iteration (peak.h).
  void (*run_fma_chains)(int64_t iterations);
  int64_t flops_per_fma_iteration;
  // Gradients; contracts in ops/gradients.h.
  void (*attention_grad)(const AttentionProblem& problem, const AttentionGradient& gradient);
  void (*group_norm_grad)(const GroupNormProblem& problem, const GroupNormApplication& application,
                          const NormGradient& gradient);
  void (*layer_norm_grad)(const LayerNormProblem& problem, const NormGradient& gradient);
  void (*activate_grad)(const float* grad_y, const float* x, float* grad_x, int64_t count, Activation activation);
  void (*geglu_grad)(const float* grad_y, const float* x, float* grad_x, int64_t rows, int64_t columns);
};

namespace {

// Where the result (n, y, x) lies in y, in pixels.
[[maybe_unused]] int64_t place_in_y(const Conv2dProblem& p, int64_t n, int64_t y, int64_t x) {
  if (p.y_column_step == 0) return (n * p.out_height + y) * p.out_width + x;
  return n * p.y_picture_step + y * p.y_row_step + x * p.y_column_step;
}

}  // namespace

const Kernels& reference_kernels();
// Only where this CPU supports them may their functions be called.
const Kernels& avx2_kernels();
const Kernels& avx512_kernels();
// The vector variants that this CPU supports, fastest first.
std::vector<const Kernels*> vector_kernels();

}  // namespace easel::cpu
