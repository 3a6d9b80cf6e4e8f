// norm_gradients.inl — what flows back through group and layer normalisation.
//
// With u = (x - mean) / deviation, z = u w + b and g = dL/dz: dL/dw = sum g u, dL/db = sum g, and over the M elements
// that share a mean, dL/dx = (g w - mean(g w) - u mean(g w u)) / deviation (Ioffe & Szegedy 2015, arXiv:1502.03167,
// the equations after eq. 4, joined). A first pass over x leaves g in grad_x and gathers the sums; a second one, in
// cache, finishes grad_x.
#pragma once

#include "ops/cpu/simd/math.inl"
#include "ops/cpu/simd/micro_kernel.inl"
#include "ops/cpu/simd/norms.inl"
#include "ops/cpu/simd/tiling.inl"

// Elements of each operand that the first pass takes at a time, channel by channel: three operands in the first-level
// cache.
constexpr int64_t kGradientFloats = 2048;

// Some whole groups of one sample: a task. Pointers are to its first channel.
struct NormSlice {
  int64_t channels = 0, stride = 0, pixels = 0;  // of `stride` channels in all
  const float *x = nullptr, *grad_y = nullptr;   // [pixels][stride]
  const float *weight = nullptr, *bias = nullptr;
  Activation activation = Activation::none;
  float* grad_x = nullptr;                              // [pixels][stride]
  float *grad_sums = nullptr, *product_sums = nullptr;  // [channels]: sum of g, sum of g u over the pixels
};

// The scratch of a slice, [channels] each.
struct NormChannels {
  float *means, *scales;    // u = (x - mean) * scale
  float *offsets, *slopes;  // what is taken off g w scale: offset + (x - mean) * slope
};

// Leaves g of pixels first .. first + count - 1 in grad_x and adds to the sums.
inline void gather_gradients(const NormSlice& s, const NormChannels& of, int64_t first, int64_t count) {
  for (int64_t c = 0; c < s.channels; c += kLanes) {
    const int64_t lanes = min_of(kLanes, s.channels - c);
    const Vector mean = load_first(of.means + c, lanes), scale = load_first(of.scales + c, lanes);
    const Vector weight = load_first(s.weight + c, lanes), bias = load_first(s.bias + c, lanes);
    Vector grads = zero_vector(), products = zero_vector();
    for (int64_t i = first * s.stride + c; i < (first + count) * s.stride; i += s.stride) {
      const Vector unit = (load_first(s.x + i, lanes) - mean) * scale;
      Vector grad = load_first(s.grad_y + i, lanes);
      if (s.activation != Activation::none) grad = grad * slope(fma(unit, weight, bias), s.activation);
      store_first(s.grad_x + i, grad, lanes);
      grads = grads + grad;
      products = fma(grad, unit, products);
    }
    store_first(s.grad_sums + c, load_first(s.grad_sums + c, lanes) + grads, lanes);
    store_first(s.product_sums + c, load_first(s.product_sums + c, lanes) + products, lanes);
  }
}

// Offsets and slopes from the sums. width: channels of a group.
inline void join_channels(const NormSlice& s, const NormChannels& of, int64_t width) {
  const double count = static_cast<double>(s.pixels * width);
  for (int64_t first = 0; first < s.channels; first += width) {
    double grads = 0.0, products = 0.0;
    for (int64_t c = first; c < first + width; ++c) {
      grads += double{s.weight[c]} * s.grad_sums[c];
      products += double{s.weight[c]} * s.product_sums[c];
    }
    for (int64_t c = first; c < first + width; ++c) {
      of.offsets[c] = static_cast<float>(grads / count * of.scales[c]);
      of.slopes[c] = static_cast<float>(products / count * of.scales[c] * of.scales[c]);
    }
  }
}

inline void finish_gradients(const NormSlice& s, const NormChannels& of) {
  for (int64_t row = 0; row < s.pixels * s.stride; row += s.stride)
    for (int64_t c = 0; c < s.channels; c += kLanes) {
      const int64_t lanes = min_of(kLanes, s.channels - c);
      const Vector centred = load_first(s.x + row + c, lanes) - load_first(of.means + c, lanes);
      const Vector shared = fma(centred, load_first(of.slopes + c, lanes), load_first(of.offsets + c, lanes));
      const Vector scale = load_first(s.weight + c, lanes) * load_first(of.scales + c, lanes);
      store_first(s.grad_x + row + c, load_first(s.grad_x + row + c, lanes) * scale - shared, lanes);
    }
}

inline void differentiate_slice(const NormSlice& s, const NormChannels& of, int64_t width) {
  memset(s.grad_sums, 0, static_cast<size_t>(s.channels) * sizeof(float));
  memset(s.product_sums, 0, static_cast<size_t>(s.channels) * sizeof(float));
  const int64_t pixels = max_of(1, kGradientFloats / s.stride);  // not of the slice: the same for any division
  for (int64_t first = 0; first < s.pixels; first += pixels)
    gather_gradients(s, of, first, min_of(pixels, s.pixels - first));
  join_channels(s, of, width);
  finish_gradients(s, of);
}

// Groups of a task: all of a sample's where there are samples enough. No sum runs over two groups, so results do not
// depend on the division.
inline int64_t groups_per_task(const GroupNormProblem& p) {
  const int64_t wanted = ceil_div(kTasksPerThread * num_threads(), p.batch), width = p.channels / p.num_groups;
  return min_of(p.num_groups, max_of(ceil_div(p.num_groups, wanted), ceil_div(kLineFloats, width)));
}

void group_norm_grad(const GroupNormProblem& p, const GroupNormApplication& a, const NormGradient& gradient) {
  const int64_t width = p.channels / p.num_groups, groups = groups_per_task(p);
  const int64_t slices = ceil_div(p.num_groups, groups);
  const Scratch sums(2 * p.batch * p.channels, 1), scratch(4 * p.channels);
  float *const grad_sums = sums.of(0), *const product_sums = grad_sums + p.batch * p.channels;  // [N, C] each
  run_tasks(p.batch * slices, [&](int64_t task, int thread) {
    const int64_t n = task / slices, first_group = task % slices * groups, first = first_group * width;
    const int64_t row = n * p.pixels * p.channels + first;
    NormSlice s;
    s.channels = min_of(groups, p.num_groups - first_group) * width;
    s.stride = p.channels;
    s.pixels = p.pixels;
    s.x = p.x + row;
    s.grad_y = gradient.grad_y + row;
    s.weight = a.weight + first;
    s.bias = a.bias + first;
    s.activation = a.silu ? Activation::silu : Activation::none;
    s.grad_x = gradient.grad_x + row;
    s.grad_sums = grad_sums + n * p.channels + first;
    s.product_sums = product_sums + n * p.channels + first;
    float* const block = scratch.of(thread);
    const NormChannels of{block, block + p.channels, block + 2 * p.channels, block + 3 * p.channels};
    for (int64_t c = 0; c < s.channels; ++c) {
      const float* const group = a.statistics + 3 * (n * p.num_groups + (first + c) / width);
      of.means[c] = group[1];
      of.scales[c] = static_cast<float>(1.0 / __builtin_sqrt(double{group[2]} / group[0] + a.eps));
    }
    differentiate_slice(s, of, width);
  });
  add_pixels(product_sums, p.batch, p.channels, gradient.grad_weight);
  add_pixels(grad_sums, p.batch, p.channels, gradient.grad_bias);
}

// One row of layer_norm; adds to grad_sums and product_sums, [C] each.
inline void differentiate_row(const LayerNormProblem& p, const NormGradient& gradient, int64_t row, float* grad_sums,
                              float* product_sums) {
  const float *const x = p.x + row * p.channels, *const grad_y = gradient.grad_y + row * p.channels;
  float* const grad_x = gradient.grad_x + row * p.channels;
  const RowMoments moments = row_moments(x, p.channels, p.eps);
  Vector weighted_sum = zero_vector(), weighted_products = zero_vector();
  for (int64_t c = 0; c < p.channels; c += kLanes) {
    const int64_t lanes = min_of(kLanes, p.channels - c);
    const Vector grad = load_first(grad_y + c, lanes), unit = normalised(load_first(x + c, lanes), moments);
    const Vector weighted = grad * load_first(p.weight + c, lanes);  // zero behind the row's end
    weighted_sum = weighted_sum + weighted;
    weighted_products = fma(weighted, unit, weighted_products);
    store_first(grad_sums + c, load_first(grad_sums + c, lanes) + grad, lanes);
    store_first(product_sums + c, fma(grad, unit, load_first(product_sums + c, lanes)), lanes);
  }
  const float count = static_cast<float>(p.channels);
  const Vector offset = broadcast(sum_of_lanes(weighted_sum) / count);
  const Vector product = broadcast(sum_of_lanes(weighted_products) / count), scale = broadcast(moments.scale);
  for (int64_t c = 0; c < p.channels; c += kLanes) {
    const int64_t lanes = min_of(kLanes, p.channels - c);
    const Vector weighted = load_first(grad_y + c, lanes) * load_first(p.weight + c, lanes);
    const Vector unit = normalised(load_first(x + c, lanes), moments);
    store_first(grad_x + c, (weighted - offset - unit * product) * scale, lanes);
  }
}

void layer_norm_grad(const LayerNormProblem& p, const NormGradient& gradient) {
  const int64_t rows = max_of(1, kStatisticsFloats / p.channels), blocks = ceil_div(p.rows, rows);
  const Scratch sums(2 * blocks * p.channels, 1);
  float *const grad_sums = sums.of(0), *const product_sums = grad_sums + blocks * p.channels;  // [blocks, C] each
  memset(grad_sums, 0, static_cast<size_t>(2 * blocks * p.channels) * sizeof(float));
  run_tasks(blocks, [&](int64_t task, int) {
    for (int64_t row = task * rows; row < min_of(p.rows, (task + 1) * rows); ++row)
      differentiate_row(p, gradient, row, grad_sums + task * p.channels, product_sums + task * p.channels);
  });
  add_pixels(product_sums, blocks, p.channels, gradient.grad_weight);
  add_pixels(grad_sums, blocks, p.channels, gradient.grad_bias);
}
