#include "tensor_matchers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>

namespace easel {
namespace {

// "[1, 0, 3]" of the element at `offset`.
std::string index_at(const Shape& shape, int64_t offset) {
  std::array<int64_t, Shape::kMaxRank> index{};
  for (int i = shape.rank() - 1; i >= 0; --i) {
    index[static_cast<size_t>(i)] = offset % shape[i];
    offset /= shape[i];
  }
  return Shape(index.data(), shape.rank()).to_string();
}

bool near(double got, double expected, double rtol, double atol) {
  if (!std::isfinite(got) || !std::isfinite(expected)) return got == expected;
  return std::abs(got - expected) <= atol + rtol * std::abs(expected);
}

}  // namespace

testing::AssertionResult tensors_near(const Tensor& got, const Tensor& expected, double rtol, double atol) {
  if (!got.defined() || !expected.defined()) return testing::AssertionFailure() << "a tensor is undefined";
  if (got.shape() != expected.shape())
    return testing::AssertionFailure() << "got shape " << got.shape().to_string() << ", expected "
                                       << expected.shape().to_string();
  const std::vector<float> a = got.to_vector(), b = expected.to_vector();
  double max_abs = 0.0, max_rel = 0.0;
  size_t misses = 0, first = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(double{a[i]} - b[i]);
    max_abs = std::max(max_abs, std::isnan(difference) ? INFINITY : difference);
    if (b[i] != 0.0f) max_rel = std::max(max_rel, difference / std::abs(double{b[i]}));
    if (!near(a[i], b[i], rtol, atol) && misses++ == 0) first = i;
  }
  if (misses == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure() << misses << " of " << a.size() << " elements of " << got.shape().to_string()
                                     << " differ; max abs " << max_abs << ", max rel " << max_rel << "; first at "
                                     << index_at(got.shape(), static_cast<int64_t>(first)) << ": got " << a[first]
                                     << ", expected " << b[first];
}

testing::AssertionResult tensors_identical(const Tensor& got, const Tensor& expected) {
  if (got.dtype() != expected.dtype())
    return testing::AssertionFailure() << "got " << dtype_name(got.dtype()) << ", expected "
                                       << dtype_name(expected.dtype());
  const testing::AssertionResult values = tensors_near(got, expected, 0.0, 0.0);
  if (!values) return values;
  const auto bytes = [](const Tensor& x) { return static_cast<const char*>(x.storage()->data()) + x.offset_bytes(); };
  if (std::memcmp(bytes(got), bytes(expected), got.size_bytes()) != 0)
    return testing::AssertionFailure() << "values agree but bits differ (signed zeros)";
  return testing::AssertionSuccess();
}

}  // namespace easel
