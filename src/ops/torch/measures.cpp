// Numbers for the host. Sums are f64, as on the cpu backend.
#include <algorithm>
#include <cmath>

#include "ops/torch/guard.h"
#include "ops/torch/torch_backend.h"

namespace easel {
namespace {

// The elements of body(), on the host.
template <typename Body>
std::vector<double> numbers(const char* op, const Body& body) {
  std::vector<double> elements;
  guarded(op, [&] {
    const at::NoGradGuard unrecorded;
    const at::Tensor values = body().to(at::kCPU, at::kDouble).contiguous();
    elements.assign(values.data_ptr<double>(), values.data_ptr<double>() + values.numel());
    return values;
  });
  return elements;
}

at::Tensor rows_of(const Tensor& x) { return unwrap(x).reshape({x.dim(0), -1}); }

}  // namespace

bool TorchBackend::all_finite(const Tensor& x) {
  return numbers("all_finite", [&] { return at::isfinite(unwrap(x)).all(); })[0] != 0;
}

std::vector<double> TorchBackend::row_deviations(const Tensor& x) {
  return numbers("row_deviations", [&] {
    const at::Tensor rows = rows_of(x).to(at::kDouble);
    const at::Tensor squares = (rows - rows.mean(1, /*keepdim=*/true)).square().sum(1);
    return (squares / static_cast<double>(rows.size(1) - 1)).sqrt();
  });
}

std::vector<double> TorchBackend::row_quantiles(const Tensor& x, double q) {
  const auto last = x.numel() / x.dim(0) - 1;
  const double position = q * static_cast<double>(last);
  const auto low = static_cast<int64_t>(position), high = std::min(low + 1, last);
  const std::vector<double> ends = numbers("row_quantiles", [&] {
    const at::Tensor sorted = std::get<0>(at::sort(rows_of(x), 1));
    return at::stack({sorted.select(1, low), sorted.select(1, high)}, 1);  // [N, 2]
  });
  std::vector<double> quantiles;
  for (size_t n = 0; n < ends.size(); n += 2)
    quantiles.push_back(std::lerp(ends[n], ends[n + 1], position - std::floor(position)));
  return quantiles;
}

double TorchBackend::error_norm(const Tensor& a, const Tensor& b, const Tensor& x, double rtol, double atol) {
  return numbers("error_norm", [&] {
    const at::Tensor size = at::maximum(unwrap(a).abs(), unwrap(x).abs()).to(at::kDouble);
    const at::Tensor error = (unwrap(a) - unwrap(b)) / (size * rtol).clamp_min(atol);
    return error.square().mean().sqrt();
  })[0];
}

}  // namespace easel
