// With stride s, x[s m + r - pad] meets only the taps k = r + s j of the filter, for each phase r = 0..s-1 of a
// dimension:
//   dx[s m + r - pad] = sum over j of dy[m - j] w[r + s j].
// So each of the s^2 phases of dL/dx is a convolution of stride one of dL/dy with every s-th tap of the filter, flipped
// and with input and output channels exchanged: the products of the forward, none wasted on zeros, and for stride one a
// single convolution of the forward's kind.
#include "ops/cpu/convolution_gradients.h"

#include <algorithm>

#include "ops/cpu/kernel_table.h"
#include "ops/cpu/kernels.h"
#include "tensor/parallel.h"

namespace easel::cpu {
namespace {

// One phase of one dimension.
struct Phase {
  int64_t taps;   // of the filter in this phase
  int64_t first;  // coordinate of its first result in x
  int64_t count;  // its results
  int64_t pad;    // of the convolution of dL/dy
};

Phase phase_of(int64_t r, int64_t extent, int64_t kernel, int64_t stride, int64_t pad) {
  const int64_t m = pad > r ? (pad - r + stride - 1) / stride : 0;  // the first with s m + r - pad >= 0
  const int64_t first = stride * m + r - pad;
  const int64_t taps = kernel > r ? (kernel - r + stride - 1) / stride : 0;
  return {taps, first, extent > first ? (extent - first + stride - 1) / stride : 0, taps - 1 - m};
}

// Taps r_y + s j_y, r_x + s j_x of the filters, flipped: [C_out, C_in, kH, kW] -> [C_in, C_out, J_y, J_x].
Tensor transposed_filters(const Tensor& weight, int64_t stride, const Shape& shape, int64_t r_y, int64_t r_x) {
  const int64_t out_channels = weight.dim(0), in_channels = weight.dim(1), taps = shape[2] * shape[3];
  std::vector<int64_t> source;  // offset of each tap
  for (int64_t j_y = shape[2] - 1; j_y >= 0; --j_y)
    for (int64_t j_x = shape[3] - 1; j_x >= 0; --j_x)
      source.push_back((r_y + stride * j_y) * weight.dim(3) + r_x + stride * j_x);
  Tensor result = Tensor::empty(shape);
  const int64_t filter = weight.dim(2) * weight.dim(3);
  constexpr int64_t kBlock = 16;  // input channels at a time: lines of `weight` are then read once
  parallel_for((in_channels + kBlock - 1) / kBlock, [&](int64_t block, int) {
    const int64_t begin = block * kBlock, end = std::min(in_channels, begin + kBlock);
    for (int64_t o = 0; o < out_channels; ++o)
      for (int64_t i = begin; i < end; ++i) {
        const float* const from = weight.f32() + (o * in_channels + i) * filter;
        float* const to = result.f32() + (i * out_channels + o) * taps;
        for (int64_t tap = 0; tap < taps; ++tap) to[tap] = from[source[static_cast<size_t>(tap)]];
      }
  });
  return result;
}

// The phase (r_y, r_x) of dL/dx.
void convolve_phase(const Tensor& grad_y, const Tensor& filters, const Phase& rows, const Phase& columns,
                    int64_t stride, Tensor& grad_x) {
  Conv2dProblem problem;
  problem.x = grad_y.f32();
  problem.weight = filters.f32();
  problem.y = grad_x.f32() + (rows.first * grad_x.dim(2) + columns.first) * grad_x.dim(3);
  if (stride > 1) {
    problem.y_picture_step = grad_x.dim(1) * grad_x.dim(2);
    problem.y_row_step = stride * grad_x.dim(2);
    problem.y_column_step = stride;
  }
  problem.batch = grad_y.dim(0);
  problem.in_height = grad_y.dim(1);
  problem.in_width = grad_y.dim(2);
  problem.in_channels = grad_y.dim(3);
  problem.out_height = rows.count;
  problem.out_width = columns.count;
  problem.out_channels = grad_x.dim(3);
  problem.kernel_height = rows.taps;
  problem.kernel_width = columns.taps;
  problem.pad_top = rows.pad;
  problem.pad_left = columns.pad;
  kernels().conv2d(problem);
}

}  // namespace

Tensor conv2d_grad_input(const Tensor& grad_y, const Tensor& weight, const Shape& x_shape, int stride,
                         const Padding& padding) {
  const Tensor weight_f32 = weight.to_f32();
  const bool some_unseen = stride > weight.dim(2) || stride > weight.dim(3);  // pixels that no filter covers
  Tensor grad_x = some_unseen ? Tensor::zeros(x_shape) : Tensor::empty(x_shape);
  for (int64_t r_y = 0; r_y < stride; ++r_y)
    for (int64_t r_x = 0; r_x < stride; ++r_x) {
      const Phase rows = phase_of(r_y, x_shape[1], weight.dim(2), stride, padding.top);
      const Phase columns = phase_of(r_x, x_shape[2], weight.dim(3), stride, padding.left);
      if (rows.taps * rows.count == 0 || columns.taps * columns.count == 0) continue;
      const Shape filter_shape{weight.dim(1), weight.dim(0), rows.taps, columns.taps};
      convolve_phase(grad_y, transposed_filters(weight_f32, stride, filter_shape, r_y, r_x), rows, columns, stride,
                     grad_x);
    }
  return grad_x;
}

Tensor conv2d_grad_weight(const Tensor& grad_y, const Tensor& x, const Shape& weight_shape, int stride,
                          const Padding& padding) {
  Tensor grad_weight = Tensor::empty(weight_shape);
  Conv2dWeightGradient problem;
  problem.x = x.f32();
  problem.grad_y = grad_y.f32();
  problem.grad_weight = grad_weight.f32();
  problem.batch = x.dim(0);
  problem.in_height = x.dim(1);
  problem.in_width = x.dim(2);
  problem.in_channels = x.dim(3);
  problem.out_height = grad_y.dim(1);
  problem.out_width = grad_y.dim(2);
  problem.out_channels = grad_y.dim(3);
  problem.kernel_height = weight_shape[2];
  problem.kernel_width = weight_shape[3];
  problem.stride = stride;
  problem.pad_top = padding.top;
  problem.pad_left = padding.left;
  kernels().conv2d_grad_weight(problem);
  return grad_weight;
}

// A linear layer is a 1x1 convolution of one row of pixels.
Tensor linear_grad_input(const Tensor& grad_y, const Tensor& weight) {
  const int64_t in_channels = weight.dim(1), out_channels = weight.dim(0), rows = grad_y.numel() / out_channels;
  const Tensor grad_x =
      conv2d_grad_input(grad_y.view({1, 1, rows, out_channels}), weight.view({out_channels, in_channels, 1, 1}),
                        {1, 1, rows, in_channels}, 1, {});
  return grad_x.view(grad_y.shape().with(-1, in_channels));
}

Tensor linear_grad_weight(const Tensor& grad_y, const Tensor& x) {
  const int64_t in_channels = x.dim(-1), out_channels = grad_y.dim(-1), rows = x.numel() / in_channels;
  const Tensor grad_weight =
      conv2d_grad_weight(grad_y.view({1, 1, rows, out_channels}), x.view({1, 1, rows, in_channels}),
                         {out_channels, in_channels, 1, 1}, 1, {});
  return grad_weight.view({out_channels, in_channels});
}

Tensor channel_sums(const Tensor& grad_y) {
  const int64_t channels = grad_y.dim(-1), rows = grad_y.numel() / channels;
  constexpr int64_t kPartRows = 512;  // summed in f32; the parts are joined in f64
  const int64_t parts = (rows + kPartRows - 1) / kPartRows;
  const Tensor sums = Tensor::zeros({parts, channels});
  parallel_for(parts, [&](int64_t part, int) {
    float* const sum = sums.f32() + part * channels;
    for (int64_t row = part * kPartRows; row < std::min(rows, (part + 1) * kPartRows); ++row)
      for (int64_t c = 0; c < channels; ++c) sum[c] += grad_y.f32()[row * channels + c];
  });
  Tensor result = Tensor::empty({channels});
  for (int64_t c = 0; c < channels; ++c) {
    double total = 0.0;
    for (int64_t part = 0; part < parts; ++part) total += sums.f32()[part * channels + c];
    result.f32()[c] = static_cast<float>(total);
  }
  return result;
}

}  // namespace easel::cpu
