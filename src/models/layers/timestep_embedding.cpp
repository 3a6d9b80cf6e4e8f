#include "models/layers/timestep_embedding.h"

#include <cmath>

namespace easel {

Tensor sinusoidal_embedding(const std::vector<float>& values, int64_t dim, const SinusoidalOptions& options) {
  const int64_t half = dim / 2;
  Tensor embedding = Tensor::zeros({static_cast<int64_t>(values.size()), dim});
  const float log_max_period = -std::log(10000.0f);
  for (size_t n = 0; n < values.size(); ++n) {
    float* row = embedding.f32() + static_cast<int64_t>(n) * dim;
    for (int64_t i = 0; i < half; ++i) {
      const float exponent = log_max_period * static_cast<float>(i) / (static_cast<float>(half) - options.freq_shift);
      const float angle = values[n] * std::exp(exponent);
      row[options.flip_sin_to_cos ? half + i : i] = std::sin(angle);
      row[options.flip_sin_to_cos ? i : half + i] = std::cos(angle);
    }
  }
  return embedding;
}

TimestepEmbedding::TimestepEmbedding(const WeightScope& scope, int64_t in_channels, int64_t time_embed_dim)
    : linear_1(scope / "linear_1", in_channels, time_embed_dim),
      linear_2(scope / "linear_2", time_embed_dim, time_embed_dim) {}

}  // namespace easel
