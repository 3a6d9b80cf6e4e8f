#include "text/token_weights.h"

#include <algorithm>
#include <numeric>

#include "easel/error.h"
#include "ops/ops.h"

namespace easel {
namespace {

double mean(std::span<const float> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void scale(std::span<float> values, float factor) {
  for (float& value : values) value *= factor;
}

// row: [L, C]; weights: [L].
void weigh_row(std::span<float> row, std::span<const float> weights, Emphasis emphasis) {
  const double old_mean = mean(row);
  const size_t channels = row.size() / weights.size();
  for (size_t token = 0; token < weights.size(); ++token)
    scale(row.subspan(token * channels, channels), weights[token]);
  const double new_mean = mean(row);
  if (emphasis == Emphasis::original && new_mean != 0) scale(row, static_cast<float>(old_mean / new_mean));
}

}  // namespace

Tensor apply_token_weights(const Tensor& embeddings, std::span<const float> weights, Emphasis emphasis) {
  const bool fits = embeddings.defined() && embeddings.rank() == 3 && embeddings.dtype() == DType::f32 &&
                    embeddings.dim(0) * embeddings.dim(1) == static_cast<int64_t>(weights.size());
  if (!fits)
    throw Error(ErrorCode::InvalidArgument, "[token_weights] " + std::to_string(weights.size()) +
                                                " weights for embeddings of shape " + embeddings.shape().to_string() +
                                                "; must be f32 [N, L, C] with N * L weights");
  if (std::ranges::all_of(weights, [](float weight) { return weight == 1.0f; })) return embeddings;
  Tensor weighted = to_host(embeddings).clone();  // [N, L, C]
  const auto length = static_cast<size_t>(weighted.dim(1));
  for (int64_t n = 0; n < weighted.dim(0); ++n)
    weigh_row(weighted.rows(n, n + 1).span(), weights.subspan(static_cast<size_t>(n) * length, length), emphasis);
  return to_backend(weighted, embeddings.backend_kind());
}

}  // namespace easel
