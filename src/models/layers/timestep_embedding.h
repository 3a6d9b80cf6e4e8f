// timestep_embedding.h — timesteps as vectors, and the two-layer network behind them.
#pragma once

#include <vector>

#include "models/layers/layers.h"

namespace easel {

struct SinusoidalOptions {
  bool flip_sin_to_cos = true;  // cosines first
  float freq_shift = 0.0f;      // frequency i is 10000^(-i / (dim / 2 - freq_shift))
};

// Sinusoidal embedding; Ho et al. 2020, arXiv:2006.11239 after Vaswani et al. 2017, section 3.5, in the arithmetic (f32
// frequencies and angles) of the networks' training code. Returns a host tensor [values.size(), dim].
Tensor sinusoidal_embedding(const std::vector<float>& values, int64_t dim, const SinusoidalOptions& options);

// linear_2(silu(linear_1(x))).
struct TimestepEmbedding {
  Linear linear_1;
  Linear linear_2;

  TimestepEmbedding() = default;
  TimestepEmbedding(const WeightScope& scope, int64_t in_channels, int64_t time_embed_dim);
  Tensor operator()(const Tensor& x) const { return linear_2(linear_1(x, {.activation = Activation::silu})); }
  bool defined() const { return linear_1.defined(); }
};

}  // namespace easel
