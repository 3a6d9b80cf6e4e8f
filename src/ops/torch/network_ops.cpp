#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/torch/guard.h"
#include "ops/torch/own_kernels.h"
#include "ops/torch/torch_backend.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

// An operand of a product in the number format that was chosen; undefined for an undefined one.
at::Tensor factor(const Tensor& x) {
  const at::Tensor tensor = unwrap(x);
  return tensor.defined() ? tensor.to(to_scalar_type(torch_product_dtype())) : tensor;
}

// [N, H, W, C] -> [N, C, H, W] with channels_last strides, and back: views.
at::Tensor as_nchw(const at::Tensor& x) { return x.permute({0, 3, 1, 2}); }
at::Tensor as_nhwc(const at::Tensor& x) { return x.permute({0, 2, 3, 1}); }

at::Tensor activated(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::none: return x;
    case Activation::silu: return at::silu(x);
    case Activation::gelu: return at::gelu(x);
    case Activation::quick_gelu: return x * at::sigmoid(x * 1.702);
    case Activation::geglu: {
      const int64_t half = x.size(-1) / 2;
      return x.narrow(-1, 0, half) * at::gelu(x.narrow(-1, half, half));
    }
  }
  throw Error(ErrorCode::Internal, "[torch] unknown activation");
}

at::Tensor plus_residual(const at::Tensor& x, const Tensor& residual) {
  return residual.defined() ? x + unwrap(residual) : x;
}

// x: [N, H, W, C] -> [N, H * W, G, C / G].
at::Tensor as_groups(const at::Tensor& x, int64_t num_groups) {
  return x.reshape({x.size(0), x.size(1) * x.size(2), num_groups, x.size(3) / num_groups});
}

at::Tensor grouped_mean(const at::Tensor& groups) { return groups.mean({1, 3}, /*keepdim=*/true); }  // [N, 1, G, 1]

// [N, L, heads * D] -> [N, heads, L, D].
at::Tensor split_heads(const at::Tensor& x, int64_t num_heads) {
  return x.reshape({x.size(0), x.size(1), num_heads, x.size(2) / num_heads}).transpose(1, 2);
}

// softmax(q k^T) v with q scaled already. q: [N, heads, L_q, D]; k, v: [N, heads, L_k, D]. Returns [N, heads, L_q, D].
#if TORCH_VERSION_MAJOR >= 2
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal) {
  // It scales by 1 / sqrt(D) itself; its own scale argument exists only from 2.1 on.
  const double undo_scale = std::sqrt(static_cast<double>(q.size(3)));
  return at::scaled_dot_product_attention(q * undo_scale, k, v, {}, /*dropout_p=*/0.0, causal);
}
#else
// Queries are taken in chunks whose scores fit this budget: at 64x64 latents and 8 heads the whole matrix is 512 MiB.
constexpr int64_t kScoreBytes = int64_t{64} << 20;

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, bool causal) {
  const int64_t num_queries = q.size(2);
  const int64_t row_bytes = q.size(0) * q.size(1) * k.size(2) * static_cast<int64_t>(sizeof(float));
  const int64_t chunk = std::max<int64_t>(1, kScoreBytes / row_bytes);
  const at::Tensor k_transposed = k.transpose(2, 3);  // [N, heads, D, L_k]
  std::vector<at::Tensor> outputs;
  for (int64_t begin = 0; begin < num_queries; begin += chunk) {
    throw_if_cancelled();
    const int64_t count = std::min(chunk, num_queries - begin);
    at::Tensor scores = at::matmul(q.narrow(2, begin, count), k_transposed);  // [N, heads, count, L_k]
    if (causal) {
      const at::Tensor key = at::arange(k.size(2), q.options().dtype(at::kLong));
      const at::Tensor hidden = key.unsqueeze(0) > key.narrow(0, begin, count).unsqueeze(1);  // [count, L_k]
      scores = scores.masked_fill(hidden, -std::numeric_limits<float>::infinity());
    }
    outputs.push_back(at::matmul(at::softmax(scores, -1), v));
  }
  return outputs.size() == 1 ? outputs[0] : at::cat(outputs, 2);
}
#endif

}  // namespace

Tensor TorchBackend::linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options) {
  return guarded("linear", [&] {
    if (uses_own_kernels()) return own::linear(unwrap(x), unwrap(weight), unwrap(bias), options);
    const at::Tensor y = at::linear(factor(x), factor(weight), factor(bias)).to(at::kFloat);
    return plus_residual(activated(y, options.activation), options.residual);
  });
}

Tensor TorchBackend::conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) {
  return guarded("conv2d", [&] {
    if (uses_own_kernels()) return own::conv2d(unwrap(x), unwrap(weight), unwrap(bias), options);
    const Padding& pad = options.padding;
    const bool symmetric = pad.top == pad.bottom && pad.left == pad.right;
    at::Tensor input = as_nchw(factor(x));
    if (!symmetric) input = at::constant_pad_nd(input, {pad.left, pad.right, pad.top, pad.bottom});
    const std::vector<int64_t> stride{options.stride, options.stride};
    const std::vector<int64_t> padding{symmetric ? pad.top : 0, symmetric ? pad.left : 0};
    at::Tensor y = as_nhwc(at::conv2d(input, factor(weight), factor(bias), stride, at::IntArrayRef(padding)));
    y = y.to(at::kFloat);
    if (options.channel_bias.defined()) y = y + unwrap(options.channel_bias).unsqueeze(1).unsqueeze(1);  // [N, 1, 1, C]
    return plus_residual(activated(y, options.activation), options.residual);
  });
}

Tensor TorchBackend::group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                const GroupNormOptions& options) {
  return guarded("group_norm", [&] {
    if (uses_own_kernels()) return own::group_norm(unwrap(x), unwrap(weight), unwrap(bias), options);
    const at::Tensor input = unwrap(x);
    const at::Tensor groups = as_groups(input, options.num_groups);
    // at::group_norm may take the variance as E[x²] - E[x]², which cancels for large means. The norm does not change
    // when a constant is subtracted from a group, so the mean is taken off first, as a constant to autograd.
    const at::Tensor centred = (groups - grouped_mean(groups.detach())).reshape(input.sizes());
    const at::Tensor y = as_nhwc(
        at::group_norm(as_nchw(centred), options.num_groups, unwrap_f32(weight), unwrap_f32(bias), options.eps));
    return options.fuse_silu ? at::silu(y) : y;
  });
}

Tensor TorchBackend::group_norm_statistics(const Tensor& x, int64_t num_groups) {
  return guarded("group_norm_statistics", [&] {
    const at::Tensor groups = as_groups(unwrap(x), num_groups).to(at::kDouble);
    const at::Tensor mean = grouped_mean(groups);
    const at::Tensor squares = (groups - mean).square().sum({1, 3});  // [N, G]
    const auto count = static_cast<double>(groups.size(1) * groups.size(3));
    return at::stack({at::full_like(squares, count), mean.reshape(squares.sizes()), squares}, -1).to(at::kFloat);
  });
}

Tensor TorchBackend::group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight,
                                      const Tensor& bias, const GroupNormOptions& options) {
  return guarded("group_norm_apply", [&] {
    const at::Tensor input = unwrap(x);
    const at::Tensor moments = unwrap(statistics).unsqueeze(1).unsqueeze(3);  // [N, 1, G, 1, 3]
    const at::Tensor variance = moments.select(-1, 2) / moments.select(-1, 0);
    const at::Tensor groups = as_groups(input, options.num_groups);
    const at::Tensor normed = ((groups - moments.select(-1, 1)) * at::rsqrt(variance + options.eps));
    const at::Tensor y = normed.reshape(input.sizes()) * unwrap_f32(weight) + unwrap_f32(bias);
    return options.fuse_silu ? at::silu(y) : y;
  });
}

Tensor TorchBackend::layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps) {
  return guarded("layer_norm", [&] {
    if (uses_own_kernels()) return own::layer_norm(unwrap(x), unwrap(weight), unwrap(bias), eps);
    return at::layer_norm(unwrap(x), {x.dim(-1)}, unwrap_f32(weight), unwrap_f32(bias), eps);
  });
}

Tensor TorchBackend::attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) {
  return guarded("attention", [&] {
    if (uses_own_kernels()) return own::attention(unwrap(q), unwrap(k), unwrap(v), options);
    const int64_t heads = options.num_heads;
    const double head_size = static_cast<double>(q.dim(2) / heads);
    const double scale = options.scale == 0.0f ? 1.0 / std::sqrt(head_size) : options.scale;
    const at::Tensor y = attend(split_heads(factor(q) * scale, heads), split_heads(factor(k), heads),
                                split_heads(factor(v), heads), options.causal);
    return y.transpose(1, 2).reshape({q.dim(0), q.dim(1), q.dim(2)}).to(at::kFloat);
  });
}

Tensor TorchBackend::activate(const Tensor& x, Activation activation) {
  return guarded("activate", [&] {
    return uses_own_kernels() ? own::activate(unwrap(x), activation) : activated(unwrap(x), activation);
  });
}

}  // namespace easel
