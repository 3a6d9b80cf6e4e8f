#include "ops/ops.h"

#include <string>

#include "easel/error.h"
#include "ops/backend.h"
#include "ops/operand_checks.h"
#include "ops/run_op.h"
#include "ops/torch_plugin.h"

namespace easel {
namespace {

void require_norm_weights(const char* op, const Tensor& weight, const Tensor& bias, int64_t channels) {
  require(weight.defined() && bias.defined(), op, "weight and bias must be given");
  require_vector(op, "weight", weight, channels);
  require_vector(op, "bias", bias, channels);
  require_weights(op, "weight", weight);
  require_weights(op, "bias", bias);
}

void require_groups(const char* op, const Tensor& x, int64_t num_groups) {
  require_rank(op, "x", x, 4);
  require(num_groups >= 1 && x.dim(3) % num_groups == 0, op,
          "num_groups = " + std::to_string(num_groups) + " must divide the channels of " + named("x", x));
  require_f32(op, "x", x);
  require_elements(op, "x", x);
}

void require_rows(const char* op, const Tensor& x) {
  require(x.defined() && x.rank() >= 1 && x.numel() > 0, op, named("x", x) + "; must have rank >= 1 and elements");
  require_f32(op, "x", x);
}

Backend& of(const Tensor& x) { return backend(x.device()); }

int normalised_axis(const char* op, const Tensor& x, int axis) {
  const int result = axis < 0 ? axis + x.rank() : axis;
  require(result >= 0 && result < x.rank(), op, "axis = " + std::to_string(axis) + " of " + named("x", x));
  return result;
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options) {
  require(x.defined() && x.rank() >= 1, "linear", named("x", x) + "; must have rank >= 1");
  require(weight.defined() && (weight.rank() == 2 || (weight.rank() == 4 && weight.dim(2) == 1 && weight.dim(3) == 1)),
          "linear", named("weight", weight) + "; must be [C_out, C_in]");
  require(weight.dim(1) == x.dim(-1), "linear", named("weight", weight) + " does not fit " + named("x", x));
  require_vector("linear", "bias", bias, weight.dim(0));
  const bool geglu = options.activation == Activation::geglu;
  require(!geglu || weight.dim(0) % 2 == 0, "linear", "geglu needs an even C_out, " + named("weight", weight));
  require_shape("linear", "residual", options.residual, x.shape().with(-1, weight.dim(0) / (geglu ? 2 : 1)));
  require_f32("linear", "x", x);
  require_f32("linear", "residual", options.residual);
  require_weights("linear", "weight", weight);
  require_weights("linear", "bias", bias);
  require_elements("linear", "weight", weight);
  require_elements("linear", "x", x);
  const Tensor matrix = weight.rank() == 2 ? weight : reshape(weight, {weight.dim(0), weight.dim(1)});
  return run_op("linear", x.numel() * matrix.dim(0), [&] { return of(x).linear(x, matrix, bias, options); });
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) {
  require_rank("conv2d", "x", x, 4);
  require_rank("conv2d", "weight", weight, 4);
  require(weight.dim(1) == x.dim(3), "conv2d", named("weight", weight) + " does not fit " + named("x", x));
  require_vector("conv2d", "bias", bias, weight.dim(0));
  require(options.stride >= 1, "conv2d", "stride = " + std::to_string(options.stride) + "; must be >= 1");
  require(options.activation != Activation::geglu, "conv2d", "geglu is not for conv2d");
  const Padding& padding = options.padding;
  require(padding.top >= 0 && padding.left >= 0 && padding.bottom >= 0 && padding.right >= 0, "conv2d",
          "padding must be >= 0");
  const int64_t height = x.dim(1) + padding.top + padding.bottom - weight.dim(2);
  const int64_t width = x.dim(2) + padding.left + padding.right - weight.dim(3);
  require(height >= 0 && width >= 0, "conv2d",
          named("x", x) + " is smaller than the filter of " + named("weight", weight));
  require_shape("conv2d", "channel_bias", options.channel_bias, {x.dim(0), weight.dim(0)});
  require_shape("conv2d", "residual", options.residual,
                {x.dim(0), height / options.stride + 1, width / options.stride + 1, weight.dim(0)});
  require_f32("conv2d", "x", x);
  require_f32("conv2d", "channel_bias", options.channel_bias);
  require_f32("conv2d", "residual", options.residual);
  require_weights("conv2d", "weight", weight);
  require_weights("conv2d", "bias", bias);
  require_elements("conv2d", "weight", weight);
  require_elements("conv2d", "x", x);
  const int64_t pixels = x.dim(0) * (height / options.stride + 1) * (width / options.stride + 1);
  return run_op(weight.dim(2) == 1 ? "conv2d 1x1" : "conv2d", pixels * weight.numel(),
                [&] { return of(x).conv2d(x, weight, bias, options); });
}

Tensor group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, const GroupNormOptions& options) {
  require_groups("group_norm", x, options.num_groups);
  require_norm_weights("group_norm", weight, bias, x.dim(3));
  return run_op("group_norm", 0, [&] { return of(x).group_norm(x, weight, bias, options); });
}

Tensor group_norm_statistics(const Tensor& x, int64_t num_groups) {
  require_groups("group_norm_statistics", x, num_groups);
  return run_op("group_norm_statistics", 0, [&] { return of(x).group_norm_statistics(x, num_groups); });
}

Tensor group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight, const Tensor& bias,
                        const GroupNormOptions& options) {
  require_groups("group_norm_apply", x, options.num_groups);
  require_norm_weights("group_norm_apply", weight, bias, x.dim(3));
  require(statistics.defined(), "group_norm_apply", "statistics must be given");
  require_shape("group_norm_apply", "statistics", statistics, {x.dim(0), options.num_groups, 3});
  require_f32("group_norm_apply", "statistics", statistics);
  return run_op("group_norm_apply", 0, [&] { return of(x).group_norm_apply(x, statistics, weight, bias, options); });
}

Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps) {
  require(x.defined() && x.rank() >= 1, "layer_norm", named("x", x) + "; must have rank >= 1");
  require_f32("layer_norm", "x", x);
  require_elements("layer_norm", "x", x);
  require_norm_weights("layer_norm", weight, bias, x.dim(-1));
  return run_op("layer_norm", 0, [&] { return of(x).layer_norm(x, weight, bias, eps); });
}

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) {
  require_rank("attention", "q", q, 3);
  require_rank("attention", "k", k, 3);
  require_shape("attention", "v", v, k.shape());
  require(v.defined() && q.dim(0) == k.dim(0) && q.dim(2) == k.dim(2), "attention",
          named("k", k) + " does not fit " + named("q", q));
  require(k.dim(1) >= 1, "attention", named("k", k) + "; needs at least one key");
  require(options.num_heads >= 1 && q.dim(2) % options.num_heads == 0, "attention",
          "num_heads = " + std::to_string(options.num_heads) + " must divide the channels of " + named("q", q));
  require(!options.causal || q.dim(1) == k.dim(1), "attention", "causal needs as many keys as queries");
  for (const auto& [name, operand] : {std::pair{"q", &q}, {"k", &k}, {"v", &v}})
    require_f32("attention", name, *operand);
  require_elements("attention", "q", q);
  return run_op("attention", 2 * q.numel() * k.dim(1), [&] { return of(q).attention(q, k, v, options); });
}

Tensor activate(const Tensor& x, Activation activation) {
  require(x.defined(), "activate", "x must be given");
  require_f32("activate", "x", x);
  require(activation != Activation::geglu || (x.rank() >= 1 && x.dim(-1) % 2 == 0), "activate",
          "geglu needs an even last dimension, " + named("x", x));
  if (activation == Activation::none) return x;
  return run_op("activate", 0, [&] { return of(x).activate(x, activation); });
}

Tensor add(const Tensor& a, const Tensor& b) { return weighted_sum({{1.0, a}, {1.0, b}}); }

Tensor multiply(const Tensor& a, const Tensor& b) {
  require(a.defined() && b.defined() && a.shape() == b.shape(), "multiply", named("a", a) + ", " + named("b", b));
  require_f32("multiply", "a", a);
  require_f32("multiply", "b", b);
  return run_op("multiply", 0, [&] { return of(a).multiply(a, b); });
}

Tensor clamp(const Tensor& x, float low, float high) {
  require(x.defined(), "clamp", "x must be given");
  require_f32("clamp", "x", x);
  return run_op("clamp", 0, [&] { return of(x).clamp(x, low, high); });
}

Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) {
  require(!terms.empty() && terms[0].second.defined(), "weighted_sum", "needs at least one term");
  const Tensor& first = terms[0].second;
  for (const auto& [coefficient, term] : terms) {
    require(term.defined() && term.shape() == first.shape(), "weighted_sum",
            named("term", term) + ", " + named("first", first));
    require_f32("weighted_sum", "term", term);
  }
  return run_op("weighted_sum", 0, [&] { return of(first).weighted_sum(terms); });
}

Tensor affine(const Tensor& x, double scale, double shift) {
  require(x.defined(), "affine", "x must be given");
  require_f32("affine", "x", x);
  return run_op("affine", 0, [&] { return of(x).affine(x, static_cast<float>(scale), static_cast<float>(shift)); });
}

Tensor exponential(const Tensor& x) {
  require(x.defined(), "exponential", "x must be given");
  require_f32("exponential", "x", x);
  return run_op("exponential", 0, [&] { return of(x).exponential(x); });
}

Tensor absolute(const Tensor& x) {
  require(x.defined(), "absolute", "x must be given");
  require_f32("absolute", "x", x);
  return run_op("absolute", 0, [&] { return of(x).absolute(x); });
}

Tensor row_means(const Tensor& x) {
  require_rows("row_means", x);
  return run_op("row_means", 0, [&] { return of(x).row_means(x); });
}

Tensor scale_rows(const Tensor& x, const Tensor& scales) {
  require_rows("scale_rows", x);
  require(scales.defined(), "scale_rows", "scales must be given");
  require_shape("scale_rows", "scales", scales, {x.dim(0)});
  require_f32("scale_rows", "scales", scales);
  return run_op("scale_rows", 0, [&] { return of(x).scale_rows(x, scales); });
}

Tensor log_softmax(const Tensor& x) {
  require_rows("log_softmax", x);
  return run_op("log_softmax", 0, [&] { return of(x).log_softmax(x); });
}

Tensor l2_normalize(const Tensor& x) {
  require_rows("l2_normalize", x);
  return run_op("l2_normalize", 0, [&] { return of(x).l2_normalize(x); });
}

bool all_finite(const Tensor& x) {
  require(x.defined(), "all_finite", "x must be given");
  require_f32("all_finite", "x", x);
  return run_op("all_finite", 0, [&] { return of(x).all_finite(x); });
}

std::vector<double> row_deviations(const Tensor& x) {
  require_rows("row_deviations", x);
  require(x.numel() >= 2 * x.dim(0), "row_deviations", named("x", x) + "; needs two elements a row");
  return run_op("row_deviations", 0, [&] { return of(x).row_deviations(x); });
}

std::vector<double> row_quantiles(const Tensor& x, double q) {
  require_rows("row_quantiles", x);
  require(q >= 0 && q <= 1, "row_quantiles", "q = " + std::to_string(q) + "; must be 0..1");
  return run_op("row_quantiles", 0, [&] { return of(x).row_quantiles(x, q); });
}

double error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol) {
  require_rows("error_norm", a);
  for (const auto& [name, other] : {std::pair{"b", &b}, {"x", &x}}) {
    require(other->defined(), "error_norm", std::string(name) + " must be given");
    require_shape("error_norm", name, *other, a.shape());
    require_f32("error_norm", name, *other);
  }
  return run_op("error_norm", 0, [&] { return of(a).error_norm(a, b, x, rtol, atol); });
}

Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width) {
  require_rank("upsample_nearest", "x", x, 4);
  require(height >= 1 && width >= 1, "upsample_nearest",
          "size " + std::to_string(height) + "x" + std::to_string(width));
  return run_op("upsample_nearest", 0, [&] { return of(x).upsample_nearest(x, height, width); });
}

Tensor concat(const std::vector<Tensor>& tensors, int axis) {
  require(!tensors.empty() && tensors[0].defined(), "concat", "needs at least one tensor");
  const int normalised = normalised_axis("concat", tensors[0], axis);
  for (const Tensor& tensor : tensors)
    require(tensor.defined() && tensor.rank() == tensors[0].rank() && tensor.dtype() == tensors[0].dtype() &&
                tensor.shape().with(normalised, 0) == tensors[0].shape().with(normalised, 0),
            "concat", named("tensor", tensor) + " does not fit " + named("first", tensors[0]));
  if (tensors.size() == 1) return tensors[0];
  return run_op("concat", 0, [&] { return of(tensors[0]).concat(tensors, normalised); });
}

Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end) {
  require(x.defined(), "slice", "x must be given");
  const int normalised = normalised_axis("slice", x, axis);
  require(0 <= begin && begin <= end && end <= x.dim(normalised), "slice",
          std::to_string(begin) + ".." + std::to_string(end) + " along axis " + std::to_string(axis) + " of " +
              named("x", x));
  return run_op("slice", 0, [&] { return of(x).slice(x, normalised, begin, end); });
}

Tensor reshape(const Tensor& x, const Shape& shape) {
  require(x.defined() && x.numel() == shape.numel(), "reshape", named("x", x) + " to " + shape.to_string());
  return run_op("reshape", 0, [&] { return of(x).reshape(x, shape); });
}

Tensor permute(const Tensor& x, const std::vector<int>& order) {
  require(x.defined() && static_cast<int>(order.size()) == x.rank(), "permute", named("x", x));
  unsigned seen = 0;
  for (int dimension : order)
    if (dimension >= 0 && dimension < x.rank()) seen |= 1u << dimension;
  require(seen == (1u << x.rank()) - 1, "permute", "order must name each dimension of " + named("x", x) + " once");
  return run_op("permute", 0, [&] { return of(x).permute(x, order); });
}

Tensor embedding(const Tensor& ids, const Tensor& table) {
  require(ids.defined() && ids.dtype() == DType::i32 && ids.rank() < Shape::kMaxRank, "embedding", "ids must be i32");
  require_rank("embedding", "table", table, 2);
  require_weights("embedding", "table", table);
  return run_op("embedding", 0, [&] { return of(table).embedding(ids, table); });
}

Tensor select_token(const Tensor& x, const Tensor& index) {
  require_rank("select_token", "x", x, 3);
  require(index.defined() && index.dtype() == DType::i32, "select_token", "index must be i32");
  require_shape("select_token", "index", index, {x.dim(0)});
  return run_op("select_token", 0, [&] { return of(x).select_token(x, index); });
}

Tensor to_device(const Tensor& x, const Device& device) {
  if (!x.defined() || x.device() == device) return x;
  const Device host;
  if (x.device() != host && device != host) return to_device(to_host(x), device);
  return run_op("to_device", 0, [&] { return device == host ? of(x).to_host(x) : backend(device).from_host(x); });
}

Tensor to_backend(const Tensor& x, BackendKind kind) {
  if (!x.defined() || x.backend_kind() == kind) return x;
  if (kind == BackendKind::shapes) return to_device(x, {.kind = DeviceKind::shapes});
  return to_device(x, kind == BackendKind::cpu ? Device() : torch_plugin().backend().device());
}

}  // namespace easel
