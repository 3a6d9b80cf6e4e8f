// norms.inl — group and layer normalisation.
#pragma once

#include "ops/cpu/simd/math.inl"
#include "ops/cpu/simd/tiling.inl"

// Statistics are gathered in chunks of pixels of about 64 KiB: within one, sums per channel in f32, the mean first and
// then the squared differences from it while the chunk is still in cache; across channels and chunks in f64, chunks in
// order. Chan, Golub & LeVeque 1983, https://doi.org/10.1080/00031305.1983.10483115, eq. 2.1 joins two of them. The
// division into chunks is fixed by the shape, so results do not depend on the number of threads.
constexpr int64_t kStatisticsFloats = 16384;
constexpr int64_t kStatisticsPixels = 256;  // few enough that f32 sums stay exact to 1e-6

struct Moments {
  double count = 0.0, mean = 0.0, squares = 0.0;  // squares: sum of squared differences from the mean
};

inline void join(Moments& a, const Moments& b) {
  const double count = a.count + b.count, difference = b.mean - a.mean;
  a.squares += b.squares + difference * difference * (a.count * b.count / count);
  a.mean += difference * (b.count / count);
  a.count = count;
}

// sums[c] += x[pixel][c] over the pixels.
inline void add_pixels(const float* x, int64_t pixels, int64_t channels, float* sums) {
  for (int64_t c = 0; c < channels; c += kLanes) {
    const int64_t lanes = min_of(kLanes, channels - c);
    Vector sum = zero_vector();
    for (int64_t i = 0; i < pixels; ++i) sum = sum + load_first(x + i * channels + c, lanes);
    store_first(sums + c, sum, lanes);
  }
}

// Of the differences x[pixel][c] - means[c]: squares[c] = sum of their squares, rests[c] = their sum.
inline void add_squares(const float* x, int64_t pixels, int64_t channels, const float* means, float* squares,
                        float* rests) {
  for (int64_t c = 0; c < channels; c += kLanes) {
    const int64_t lanes = min_of(kLanes, channels - c);
    const Vector mean = load_first(means + c, lanes);
    Vector square = zero_vector(), rest = zero_vector();
    for (int64_t i = 0; i < pixels; ++i) {
      const Vector difference = load_first(x + i * channels + c, lanes) - mean;
      square = fma(difference, difference, square);
      rest = rest + difference;
    }
    store_first(squares + c, square, lanes);
    store_first(rests + c, rest, lanes);
  }
}

// The corrected two-pass algorithm (Chan, Golub & LeVeque 1983, eq. 1.7): where the mean is large against the
// deviation, the f32 sums of the first pass leave it off by a fraction of the deviation; what rests after it is
// subtracted is small, and mends both moments. x: [pixels, C]; moments: [G]; scratch: [3 C].
inline void gather_moments(const GroupNormProblem& p, const float* x, int64_t pixels, float* scratch,
                           Moments* moments) {
  const int64_t channels = p.channels, num_groups = p.num_groups, width = channels / num_groups;
  float *const sums = scratch, *const means = sums + channels, *const rests = means + channels;
  add_pixels(x, pixels, channels, sums);
  for (int64_t g = 0; g < num_groups; ++g) {
    double sum = 0.0;
    for (int64_t c = g * width; c < (g + 1) * width; ++c) sum += sums[c];
    moments[g].count = static_cast<double>(pixels * width);
    const float mean = static_cast<float>(sum / moments[g].count);
    moments[g].mean = mean;
    for (int64_t c = g * width; c < (g + 1) * width; ++c) means[c] = mean;
  }
  add_squares(x, pixels, channels, means, sums, rests);
  for (int64_t g = 0; g < num_groups; ++g) {
    double squares = 0.0, rest = 0.0;
    for (int64_t c = g * width; c < (g + 1) * width; ++c) squares += sums[c], rest += rests[c];
    moments[g].mean += rest / moments[g].count;
    moments[g].squares = squares - rest * rest / moments[g].count;
  }
}

void group_norm_statistics(const GroupNormProblem& p, float* statistics) {
  const int64_t pixels = max_of(1, min_of(kStatisticsPixels, kStatisticsFloats / p.channels));
  const int64_t chunks = ceil_div(p.pixels, pixels);
  constexpr int64_t kFloatsPerMoments = sizeof(Moments) / sizeof(float);
  const Scratch partial(p.batch * chunks * p.num_groups * kFloatsPerMoments, 1), scratch(3 * p.channels);
  Moments* const moments = reinterpret_cast<Moments*>(partial.of(0));  // [N, chunks, G]
  run_tasks(p.batch * chunks, [&](int64_t task, int thread) {
    const int64_t first = task % chunks * pixels;
    gather_moments(p, p.x + (task / chunks * p.pixels + first) * p.channels, min_of(pixels, p.pixels - first),
                   scratch.of(thread), moments + task * p.num_groups);
  });
  for (int64_t n = 0; n < p.batch; ++n)
    for (int64_t g = 0; g < p.num_groups; ++g) {
      const Moments* const first = moments + n * chunks * p.num_groups + g;
      Moments total = *first;
      for (int64_t chunk = 1; chunk < chunks; ++chunk) join(total, first[chunk * p.num_groups]);
      float* const out = statistics + 3 * (n * p.num_groups + g);
      out[0] = static_cast<float>(total.count);
      out[1] = static_cast<float>(total.mean);
      out[2] = static_cast<float>(total.squares);
    }
}

// Per channel what is subtracted and what the difference is multiplied with.
inline void channel_scales(const GroupNormProblem& p, const GroupNormApplication& a, int64_t n, float* means,
                           float* scales) {
  const int64_t width = p.channels / p.num_groups;
  for (int64_t c = 0; c < p.channels; ++c) {
    const float* const group = a.statistics + 3 * (n * p.num_groups + c / width);
    means[c] = group[1];
    scales[c] = static_cast<float>(a.weight[c] / __builtin_sqrt(double{group[2]} / group[0] + a.eps));
  }
}

void group_norm_apply(const GroupNormProblem& p, const GroupNormApplication& a) {
  const int64_t pixels = max_of(16, kStatisticsFloats / p.channels);
  const int64_t blocks = ceil_div(p.pixels, pixels);
  const Activation activation = a.silu ? Activation::silu : Activation::none;
  const Scratch scratch(2 * p.channels);
  run_tasks(p.batch * blocks, [&](int64_t task, int thread) {
    const int64_t n = task / blocks, first = task % blocks * pixels, end = min_of(p.pixels, first + pixels);
    float *const means = scratch.of(thread), *const scales = means + p.channels;
    channel_scales(p, a, n, means, scales);
    for (int64_t pixel = first; pixel < end; ++pixel) {
      const int64_t row = (n * p.pixels + pixel) * p.channels;
      for (int64_t c = 0; c < p.channels; c += kLanes) {
        const int64_t lanes = min_of(kLanes, p.channels - c);
        const Vector centred = load_first(p.x + row + c, lanes) - load_first(means + c, lanes);
        const Vector y = fma(centred, load_first(scales + c, lanes), load_first(a.bias + c, lanes));
        store_first(a.y + row + c, activated(y, activation), lanes);
      }
    }
  });
}

// What layer_norm takes off a row and multiplies it with: (x - first - shift) * scale.
struct RowMoments {
  float first, shift;  // the mean in two parts
  float scale;         // 1 / sqrt(var + eps)
};

// The mean is found in two steps, a first one and the mean difference from it: a sum of large equal terms in f32 would
// be off by more than the deviation's rounding.
inline RowMoments row_moments(const float* x, int64_t channels, float eps) {
  const float count = static_cast<float>(channels);
  Vector sum = zero_vector(), differences = zero_vector(), squares = zero_vector();
  for (int64_t c = 0; c < channels; c += kLanes) sum = sum + load_first(x + c, min_of(kLanes, channels - c));
  const float first = sum_of_lanes(sum) / count;
  const int64_t whole = channels / kLanes * kLanes;
  for (int64_t c = 0; c < whole; c += kLanes) {
    const Vector difference = load(x + c) - broadcast(first);
    differences = differences + difference;
    squares = fma(difference, difference, squares);
  }
  float rest = 0.0f, rest_squares = 0.0f;
  for (int64_t c = whole; c < channels; ++c) {
    rest += x[c] - first;
    rest_squares += (x[c] - first) * (x[c] - first);
  }
  const float shift = (sum_of_lanes(differences) + rest) / count;
  const float variance = (sum_of_lanes(squares) + rest_squares) / count - shift * shift;
  return {first, shift, 1.0f / __builtin_sqrtf(variance + eps)};
}

inline Vector normalised(Vector x, const RowMoments& row) {
  return (x - broadcast(row.first) - broadcast(row.shift)) * broadcast(row.scale);
}

inline void normalise_row(const LayerNormProblem& p, const float* x, float* y) {
  const RowMoments row = row_moments(x, p.channels, p.eps);
  for (int64_t c = 0; c < p.channels; c += kLanes) {
    const int64_t lanes = min_of(kLanes, p.channels - c);
    const Vector unit = normalised(load_first(x + c, lanes), row);
    store_first(y + c, fma(unit, load_first(p.weight + c, lanes), load_first(p.bias + c, lanes)), lanes);
  }
}

void layer_norm(const LayerNormProblem& p) {
  const int64_t rows = max_of(1, kStatisticsFloats / max_of(1, p.channels));
  run_tasks(ceil_div(p.rows, rows), [&](int64_t task, int) {
    for (int64_t row = task * rows; row < min_of(p.rows, (task + 1) * rows); ++row)
      normalise_row(p, p.x + row * p.channels, p.y + row * p.channels);
  });
}
