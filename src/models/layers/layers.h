// layers.h — weights with the operation that uses them. Member names equal the checkpoint's keys ("weight", "bias").
#pragma once

#include "models/layers/tiling.h"
#include "models/layers/weight_source.h"
#include "ops/ops.h"

namespace easel {

enum class Bias { none, learned };

struct Linear {
  Tensor weight;  // [C_out, C_in]
  Tensor bias;    // [C_out] or undefined

  Linear() = default;
  Linear(const WeightScope& scope, int64_t in_features, int64_t out_features, Bias with_bias = Bias::learned);
  // x: [..., C_in]. Returns [..., C_out].
  Tensor operator()(const Tensor& x, const LinearOptions& options = {}) const {
    return linear(x, weight, bias, options);
  }
  bool defined() const { return weight.defined(); }
};

struct Conv2d {
  Tensor weight;  // [C_out, C_in, k, k]
  Tensor bias;    // [C_out]
  Conv2dOptions options;

  Conv2d() = default;
  // Padding defaults to (kernel_size - 1) / 2 on every side: the size is kept at stride 1.
  Conv2d(const WeightScope& scope, int64_t in_channels, int64_t out_channels, int64_t kernel_size);
  Tensor operator()(const Tensor& x) const { return (*this)(x, options); }
  Tensor operator()(const Tensor& x, const Conv2dOptions& other) const {
    Conv2dOptions rest = other;
    return conv2d(padded_by_tiling(x, rest), weight, bias, rest);
  }
  bool defined() const { return weight.defined(); }
};

struct GroupNorm {
  Tensor weight;  // [C]
  Tensor bias;    // [C]
  GroupNormOptions options;

  GroupNorm() = default;
  GroupNorm(const WeightScope& scope, int64_t channels, const GroupNormOptions& group_norm_options);
  Tensor operator()(const Tensor& x) const { return group_norm(x, weight, bias, options); }
};

struct LayerNorm {
  Tensor weight;  // [C]
  Tensor bias;    // [C]
  float eps = 1e-5f;

  LayerNorm() = default;
  LayerNorm(const WeightScope& scope, int64_t channels, float layer_norm_eps = 1e-5f);
  Tensor operator()(const Tensor& x) const { return layer_norm(x, weight, bias, eps); }
};

}  // namespace easel
