#include "ops/shapes/shape_backend.h"

#include "ops/run_meter.h"

namespace easel {
namespace {

Tensor like(const Tensor& x) { return shape_only(x.shape()); }

std::vector<double> zeros_for_rows(const Tensor& x) { return std::vector<double>(static_cast<size_t>(x.dim(0))); }

class ShapeBackend final : public Backend {
 public:
  Device device() const override { return {.kind = DeviceKind::shapes}; }

  Tensor linear(const Tensor& x, const Tensor& weight, const Tensor&, const LinearOptions& options) override {
    return shape_only(x.shape().with(-1, weight.dim(0) / (options.activation == Activation::geglu ? 2 : 1)));
  }
  Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor&, const Conv2dOptions& options) override {
    const Padding& padding = options.padding;
    const int64_t height = (x.dim(1) + padding.top + padding.bottom - weight.dim(2)) / options.stride + 1;
    const int64_t width = (x.dim(2) + padding.left + padding.right - weight.dim(3)) / options.stride + 1;
    return shape_only({x.dim(0), height, width, weight.dim(0)});
  }
  Tensor attention(const Tensor& q, const Tensor&, const Tensor&, const AttentionOptions&) override { return like(q); }
  Tensor group_norm(const Tensor& x, const Tensor&, const Tensor&, const GroupNormOptions&) override { return like(x); }
  Tensor group_norm_statistics(const Tensor& x, int64_t num_groups) override {
    return shape_only({x.dim(0), num_groups, 3});
  }
  Tensor group_norm_apply(const Tensor& x, const Tensor&, const Tensor&, const Tensor&,
                          const GroupNormOptions&) override {
    return like(x);
  }
  Tensor layer_norm(const Tensor& x, const Tensor&, const Tensor&, float) override { return like(x); }
  Tensor activate(const Tensor& x, Activation activation) override {
    return activation == Activation::geglu ? shape_only(x.shape().with(-1, x.dim(-1) / 2)) : like(x);
  }
  Tensor multiply(const Tensor& a, const Tensor&) override { return like(a); }
  Tensor clamp(const Tensor& x, float, float) override { return like(x); }
  Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) override { return like(terms[0].second); }
  Tensor affine(const Tensor& x, float, float) override { return like(x); }
  bool all_finite(const Tensor&) override { return true; }
  std::vector<double> row_deviations(const Tensor& x) override { return zeros_for_rows(x); }
  std::vector<double> row_quantiles(const Tensor& x, double) override { return zeros_for_rows(x); }
  double error_norm(const Tensor&, const Tensor&, const Tensor&, double, double) override { return 0.0; }
  Tensor exponential(const Tensor& x) override { return like(x); }
  Tensor absolute(const Tensor& x) override { return like(x); }
  Tensor row_means(const Tensor& x) override { return shape_only({x.dim(0)}); }
  Tensor scale_rows(const Tensor& x, const Tensor&) override { return like(x); }
  Tensor log_softmax(const Tensor& x) override { return like(x); }
  Tensor l2_normalize(const Tensor& x) override { return like(x); }
  Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width) override {
    return shape_only({x.dim(0), height, width, x.dim(3)});
  }
  Tensor concat(const std::vector<Tensor>& tensors, int axis) override {
    int64_t extent = 0;
    for (const Tensor& tensor : tensors) extent += tensor.dim(axis);
    return shape_only(tensors[0].shape().with(axis, extent));
  }
  Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end) override {
    return shape_only(x.shape().with(axis, end - begin));
  }
  Tensor reshape(const Tensor& x, const Shape& shape) override { return x.view(shape); }
  Tensor permute(const Tensor& x, const std::vector<int>& order) override {
    Shape permuted = x.shape();
    for (int i = 0; i < x.rank(); ++i) permuted = permuted.with(i, x.dim(order[static_cast<size_t>(i)]));
    return shape_only(permuted);
  }
  Tensor embedding(const Tensor& ids, const Tensor& table) override {
    std::vector<int64_t> extents(ids.shape().begin(), ids.shape().end());
    extents.push_back(table.dim(1));
    return shape_only(Shape(extents.data(), static_cast<int>(extents.size())));
  }
  Tensor select_token(const Tensor& x, const Tensor&) override { return shape_only({x.dim(0), x.dim(2)}); }

  Tensor from_host(const Tensor& host) override { return shape_only(host.shape(), host.dtype()); }
  Tensor to_host(const Tensor& x) override { return Tensor::zeros(x.shape()); }
};

}  // namespace

Backend& shape_backend() {
  static ShapeBackend instance;
  return instance;
}

}  // namespace easel
