// ops.h — the operations that networks are made of.
//
// Every function checks its operands once (throws InvalidArgument naming the operation and the offending shape) and
// hands them to the backend that holds them; all tensors of one call live on the same backend. Activations are f32;
// weights, biases and tables may be f32, f16 or bf16 and are used as stored, arithmetic is f32; what only moves
// elements (from upsample_nearest to permute, select_token, to_device) takes any type. Results are new tensors. Safe
// to call from several threads. Throws Cancelled where the thread's work is to stop (tensor/cancellation_scope.h).
// Fused forms are options of an operation, not operations of their own.
#pragma once

#include <utility>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

enum class Activation {
  none,
  silu,        // x * sigmoid(x)
  gelu,        // x * Phi(x), with the error function
  quick_gelu,  // x * sigmoid(1.702 x), CLIP's
  geglu,  // of the last dimension the first half times gelu(second half); Shazeer 2020, arXiv:2002.05202. Not conv2d
};

struct LinearOptions {
  Activation activation = Activation::none;
  Tensor residual{};  // shape of the result; added after the activation
};
// y = activation(x W^T + b) + residual.
// x: [..., C_in]; weight: [C_out, C_in] or a 1x1 convolution's [C_out, C_in, 1, 1]; bias: [C_out] or undefined.
// Returns [..., C_out] ([..., C_out / 2] for geglu).
EASEL_API Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options = {});

struct Padding {
  int top = 0, left = 0, bottom = 0, right = 0;  // pixels of zeros
  static Padding all(int pixels) { return {pixels, pixels, pixels, pixels}; }
};
struct Conv2dOptions {
  int stride = 1;
  Padding padding{};
  Activation activation = Activation::none;
  Tensor channel_bias{};  // [N, C_out], added to every pixel before the activation: the time embedding
  Tensor residual{};      // shape of the result; added after the activation
};
// Cross-correlation, as networks call convolution.
// x: [N, H, W, C_in]; weight: [C_out, C_in, kH, kW]; bias: [C_out] or undefined.
// Returns [N, (H + top + bottom - kH) / stride + 1, (W + left + right - kW) / stride + 1, C_out].
EASEL_API Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options = {});

struct GroupNormOptions {
  int64_t num_groups = 32;  // G; must divide C
  float eps = 1e-5f;        // 1e-6 in the VAE: taken from the model's config
  bool fuse_silu = false;   // apply silu to the result in the same pass
};
// y = silu?((x - mean_g) / sqrt(var_g + eps) * weight + bias), statistics per (n, group) over H, W and the group's
// channels. Wu & He 2018, arXiv:1803.08494, eq. 1. x: [N, H, W, C]; weight, bias: [C]. Returns [N, H, W, C]. Variance
// is computed around the mean in f64 partial sums, so large means do not cancel.
EASEL_API Tensor group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, const GroupNormOptions& options);

// The two halves of group_norm, for pictures that are computed in tiles.
// group_norm_statistics: returns [N, G, 3] f32: count, mean, sum of squared differences from the mean of each group.
// group_norm_apply: statistics [N, G, 3] as above (of the whole picture); x may be any part of it.
EASEL_API Tensor group_norm_statistics(const Tensor& x, int64_t num_groups);
EASEL_API Tensor group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight, const Tensor& bias,
                                  const GroupNormOptions& options);

// y = (x - mean) / sqrt(var + eps) * weight + bias over the last dimension. Ba et al. 2016, arXiv:1607.06450.
// x: [..., C]; weight, bias: [C].
EASEL_API Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps = 1e-5f);

struct AttentionOptions {
  int64_t num_heads = 1;  // must divide the channels; head size D = C / num_heads
  bool causal = false;    // query i sees keys 0..i; needs L_q = L_k
  float scale = 0.0f;     // 0 means 1 / sqrt(D)
};
// softmax(scale q k^T) v per head. Vaswani et al. 2017, arXiv:1706.03762, eq. 1; computed in one pass over the keys
// with a running maximum (Dao et al. 2022, arXiv:2205.14135), so no [L_q, L_k] matrix is stored. q: [N, L_q, heads *
// D]; k, v: [N, L_k, heads * D]. Returns [N, L_q, heads * D].
EASEL_API Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options);

// Elementwise. activate: geglu halves the last dimension. add, multiply: equal shapes. clamp: to [low, high].
EASEL_API Tensor activate(const Tensor& x, Activation activation);
EASEL_API Tensor add(const Tensor& a, const Tensor& b);
EASEL_API Tensor multiply(const Tensor& a, const Tensor& b);
EASEL_API Tensor clamp(const Tensor& x, float low, float high);
// Sum of coefficient * tensor over equal shapes, coefficients rounded to f32 once: the arithmetic of samplers.
EASEL_API Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms);
// y = scale x + shift, both rounded to f32 once.
EASEL_API Tensor affine(const Tensor& x, double scale, double shift);

// Elementwise e^x and |x|.
EASEL_API Tensor exponential(const Tensor& x);
EASEL_API Tensor absolute(const Tensor& x);

// By rows: what losses are made of. row_means: the mean of each x[n], [N, ...] -> [N]. scale_rows: x[n] * scales[n],
// scales [N]. log_softmax: x - log(sum(exp(x))) over the last dimension. l2_normalize: x / max(|x|, 1e-12) over the
// last dimension.
EASEL_API Tensor row_means(const Tensor& x);
EASEL_API Tensor scale_rows(const Tensor& x, const Tensor& scales);
EASEL_API Tensor log_softmax(const Tensor& x);
EASEL_API Tensor l2_normalize(const Tensor& x);

// Numbers for the host, in f64, of elements wherever they lie: each call waits for the device.
// all_finite: whether no element is infinite or NaN. row_deviations: the unbiased standard deviation of each x[n], [N,
// ...] with two elements a row or more. row_quantiles: the quantile q (0..1) of each x[n], linear between order
// statistics as numpy's. error_norm: root mean square of (a - b) / max(atol, rtol max(|a|, |x|)), equal shapes: what an
// adaptive step size controls (Hairer, Norsett & Wanner 1993, "Solving Ordinary Differential Equations I", II.4).
EASEL_API bool all_finite(const Tensor& x);
EASEL_API std::vector<double> row_deviations(const Tensor& x);
EASEL_API std::vector<double> row_quantiles(const Tensor& x, double q);
EASEL_API double error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol);

// Nearest-neighbour resize: source row = floor(y * H / height). x: [N, H, W, C]. Returns [N, height, width, C].
EASEL_API Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width);

// Joins along `axis` (negative counts from the back); the other extents must agree.
EASEL_API Tensor concat(const std::vector<Tensor>& tensors, int axis);
// Elements begin..end-1 along `axis`.
EASEL_API Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end);
// Same elements in order, another shape of the same numel.
EASEL_API Tensor reshape(const Tensor& x, const Shape& shape);
// Dimension i of the result is dimension order[i] of x.
EASEL_API Tensor permute(const Tensor& x, const std::vector<int>& order);

// Rows of a table. ids: [...] i32, each 0..V-1 (checked); table: [V, C], any float dtype. Returns [..., C] f32.
EASEL_API Tensor embedding(const Tensor& ids, const Tensor& table);
// One token of each sequence. x: [N, L, C]; index: [N] i32, each 0..L-1. Returns [N, C].
EASEL_API Tensor select_token(const Tensor& x, const Tensor& index);

// Copies between devices; x itself where it lies there. to_backend: to the device that the backend runs on. to_host: to
// a tensor that the host can read. zeros_like: of x's shape, where x lies.
EASEL_API Tensor to_device(const Tensor& x, const Device& device);
EASEL_API Tensor to_backend(const Tensor& x, BackendKind kind);
inline Tensor to_host(const Tensor& x) { return to_device(x, Device()); }
inline Tensor zeros_like(const Tensor& x) { return to_device(Tensor::zeros(x.shape()), x.device()); }

}  // namespace easel
