#include "ops/torch/guard.h"
#include "ops/torch/own_kernels.h"
#include "ops/torch/torch_backend.h"

namespace easel {
namespace {

// Indices as LibTorch wants them. A GPU would only abort on a bad one, so they are checked here.
at::Tensor checked_indices(const char* op, const Tensor& ids, int64_t limit) {
  const at::Tensor indices = unwrap(ids).to(at::kLong);
  const at::Tensor bad = at::logical_or(indices.lt(0), indices.ge(limit)).flatten();
  if (!bad.any().item<bool>()) return indices;
  const auto position = bad.to(at::kInt).argmax().item<int64_t>();
  const auto id = indices.flatten()[position].item<int64_t>();
  throw Error(ErrorCode::InvalidArgument, std::string("[") + op + "] id " + std::to_string(id) + " at position " +
                                              std::to_string(position) + "; must be 0.." + std::to_string(limit - 1));
}

// Source index floor(i * extent / new_extent) of each i, in integers: ATen's own resize rounds a float ratio.
at::Tensor nearest_sources(int64_t extent, int64_t new_extent, at::Device device) {
  const at::Tensor target = at::arange(new_extent, at::TensorOptions(device).dtype(at::kLong));
  return at::div(target * extent, new_extent, "floor");
}

constexpr double kSmallestNorm = 1e-12;  // torch.nn.functional.normalize's eps

}  // namespace

Tensor TorchBackend::multiply(const Tensor& a, const Tensor& b) {
  return guarded("multiply", [&] { return unwrap(a) * unwrap(b); });
}

Tensor TorchBackend::clamp(const Tensor& x, float low, float high) {
  return guarded("clamp", [&] { return at::clamp(unwrap(x), low, high); });
}

Tensor TorchBackend::weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) {
  return guarded("weighted_sum", [&] {
    at::Tensor sum;
    for (const auto& [coefficient, term] : terms) {
      const auto rounded = static_cast<float>(coefficient);
      sum = sum.defined() ? at::add(sum, unwrap(term), rounded) : unwrap(term) * rounded;
    }
    return sum;
  });
}

Tensor TorchBackend::affine(const Tensor& x, float scale, float shift) {
  return guarded("affine", [&] { return unwrap(x) * scale + shift; });
}

Tensor TorchBackend::exponential(const Tensor& x) {
  return guarded("exponential", [&] { return at::exp(unwrap(x)); });
}

Tensor TorchBackend::absolute(const Tensor& x) {
  return guarded("absolute", [&] { return at::abs(unwrap(x)); });
}

Tensor TorchBackend::row_means(const Tensor& x) {
  return guarded("row_means", [&] { return unwrap(x).reshape({x.dim(0), -1}).mean(1); });
}

Tensor TorchBackend::scale_rows(const Tensor& x, const Tensor& scales) {
  return guarded("scale_rows", [&] {
    std::vector<int64_t> column(static_cast<size_t>(x.rank()), 1);
    column[0] = x.dim(0);
    return unwrap(x) * unwrap(scales).reshape(column);
  });
}

Tensor TorchBackend::log_softmax(const Tensor& x) {
  return guarded("log_softmax", [&] { return at::log_softmax(unwrap(x), -1); });
}

Tensor TorchBackend::l2_normalize(const Tensor& x) {
  return guarded("l2_normalize", [&] {
    const at::Tensor values = unwrap(x);
    return values / values.norm(2, {-1}, /*keepdim=*/true).clamp_min(kSmallestNorm);
  });
}

Tensor TorchBackend::upsample_nearest(const Tensor& x, int64_t height, int64_t width) {
  return guarded("upsample_nearest", [&] {
    if (uses_own_kernels()) return own::upsample_nearest(unwrap(x), height, width);
    return unwrap(x)
        .index_select(1, nearest_sources(x.dim(1), height, device_))
        .index_select(2, nearest_sources(x.dim(2), width, device_));
  });
}

Tensor TorchBackend::concat(const std::vector<Tensor>& tensors, int axis) {
  return guarded("concat", [&] {
    std::vector<at::Tensor> parts;
    for (const Tensor& tensor : tensors) parts.push_back(unwrap(tensor));
    return at::cat(parts, axis);
  });
}

Tensor TorchBackend::slice(const Tensor& x, int axis, int64_t begin, int64_t end) {
  return guarded("slice", [&] { return unwrap(x).narrow(axis, begin, end - begin); });
}

Tensor TorchBackend::reshape(const Tensor& x, const Shape& shape) {
  return guarded("reshape", [&] { return unwrap(x).reshape(sizes_of(shape)); });
}

Tensor TorchBackend::permute(const Tensor& x, const std::vector<int>& order) {
  return guarded("permute", [&] { return unwrap(x).permute(std::vector<int64_t>(order.begin(), order.end())); });
}

Tensor TorchBackend::embedding(const Tensor& ids, const Tensor& table) {
  return guarded("embedding", [&] {
    return at::embedding(unwrap(table), checked_indices("embedding", ids, table.dim(0))).to(at::kFloat);
  });
}

Tensor TorchBackend::select_token(const Tensor& x, const Tensor& index) {
  return guarded("select_token", [&] {
    const at::Tensor token = checked_indices("select_token", index, x.dim(1)).view({x.dim(0), 1, 1});  // [N, 1, 1]
    return unwrap(x).gather(1, token.expand({-1, -1, x.dim(2)})).squeeze(1);
  });
}

}  // namespace easel
