#include "models/layers/layers.h"

namespace easel {

Linear::Linear(const WeightScope& scope, int64_t in_features, int64_t out_features, Bias with_bias)
    : weight(scope.get("weight", {out_features, in_features})) {
  if (with_bias == Bias::learned) bias = scope.get("bias", {out_features});
}

Conv2d::Conv2d(const WeightScope& scope, int64_t in_channels, int64_t out_channels, int64_t kernel_size)
    : weight(scope.get("weight", {out_channels, in_channels, kernel_size, kernel_size})),
      bias(scope.get("bias", {out_channels})) {
  options.padding = Padding::all(static_cast<int>(kernel_size - 1) / 2);
}

GroupNorm::GroupNorm(const WeightScope& scope, int64_t channels, const GroupNormOptions& group_norm_options)
    : weight(scope.get("weight", {channels})), bias(scope.get("bias", {channels})), options(group_norm_options) {}

LayerNorm::LayerNorm(const WeightScope& scope, int64_t channels, float layer_norm_eps)
    : weight(scope.get("weight", {channels})), bias(scope.get("bias", {channels})), eps(layer_norm_eps) {}

}  // namespace easel
