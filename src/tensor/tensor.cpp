#include "tensor/tensor.h"

#include <algorithm>

#include "easel/error.h"
#include "tensor/arena.h"
#include "tensor/parallel.h"

namespace easel {

Storage::~Storage() = default;

Tensor::Tensor(std::shared_ptr<Storage> storage, size_t offset_bytes, const Shape& shape, DType dtype)
    : storage_(std::move(storage)), offset_bytes_(offset_bytes), shape_(shape), dtype_(dtype) {
  assert(storage_ && offset_bytes_ + size_bytes() <= storage_->size_bytes());
}

Tensor Tensor::empty(const Shape& shape, DType dtype) {
  const size_t size_bytes = static_cast<size_t>(shape.numel()) * dtype_size_bytes(dtype);
  return Tensor(arena_allocate(size_bytes), 0, shape, dtype);
}

Tensor Tensor::full(const Shape& shape, float value) {
  Tensor tensor = empty(shape);
  constexpr int64_t kBlock = int64_t{1} << 20;
  parallel_for((tensor.numel() + kBlock - 1) / kBlock, [&](int64_t task, int) {
    const int64_t begin = task * kBlock;
    std::fill_n(tensor.f32() + begin, std::min(kBlock, tensor.numel() - begin), value);
  });
  return tensor;
}

namespace {

template <typename T>
Tensor copy_of(const Shape& shape, std::span<const T> values, DType dtype) {
  if (static_cast<int64_t>(values.size()) != shape.numel())
    throw Error(ErrorCode::InvalidArgument,
                "[tensor] " + std::to_string(values.size()) + " values for shape " + shape.to_string());
  Tensor tensor = Tensor::empty(shape, dtype);
  std::copy(values.begin(), values.end(), tensor.data<T>());
  return tensor;
}

}  // namespace

Tensor Tensor::from(const Shape& shape, std::span<const float> values) { return copy_of(shape, values, DType::f32); }
Tensor Tensor::from(const Shape& shape, std::span<const int32_t> values) { return copy_of(shape, values, DType::i32); }

Tensor Tensor::view(const Shape& shape) const {
  if (shape.numel() != numel())
    throw Error(ErrorCode::InvalidArgument,
                "[tensor] " + shape_.to_string() + " cannot be viewed as " + shape.to_string());
  Tensor copy = *this;
  copy.shape_ = shape;
  return copy;
}

Tensor Tensor::rows(int64_t begin, int64_t end) const {
  assert(rank() >= 1 && 0 <= begin && begin <= end && end <= dim(0));
  const size_t row_bytes = dim(0) == 0 ? 0 : size_bytes() / static_cast<size_t>(dim(0));
  Tensor copy = *this;
  copy.offset_bytes_ += static_cast<size_t>(begin) * row_bytes;
  copy.shape_ = shape_.with(0, end - begin);
  return copy;
}

Tensor Tensor::clone() const {
  Tensor copy = empty(shape_, dtype_);
  if (size_bytes() > 0)
    std::memcpy(copy.storage_->data(), static_cast<char*>(storage_->data()) + offset_bytes_, size_bytes());
  return copy;
}

Tensor Tensor::to_f32() const {
  if (dtype_ == DType::f32) return *this;
  Tensor converted = empty(shape_);
  float* out = converted.f32();
  const int64_t count = numel();
  switch (dtype_) {
    case DType::f32: break;
    case DType::f16: std::transform(data<uint16_t>(), data<uint16_t>() + count, out, f16_to_f32); break;
    case DType::bf16: std::transform(data<uint16_t>(), data<uint16_t>() + count, out, bf16_to_f32); break;
    case DType::i32: std::copy_n(data<int32_t>(), count, out); break;
    case DType::u8: std::copy_n(data<uint8_t>(), count, out); break;
    case DType::i64: std::copy_n(data<int64_t>(), count, out); break;
    case DType::f64: std::copy_n(data<double>(), count, out); break;
    case DType::boolean:
    case DType::i8: std::copy_n(data<int8_t>(), count, out); break;
    case DType::i16: std::copy_n(data<int16_t>(), count, out); break;
    case DType::u16: std::copy_n(data<uint16_t>(), count, out); break;
    case DType::u32: std::copy_n(data<uint32_t>(), count, out); break;
    case DType::u64: std::copy_n(data<uint64_t>(), count, out); break;
    case DType::f8_e4m3: std::transform(data<uint8_t>(), data<uint8_t>() + count, out, f8_e4m3_to_f32); break;
    case DType::f8_e5m2: std::transform(data<uint8_t>(), data<uint8_t>() + count, out, f8_e5m2_to_f32); break;
  }
  return converted;
}

std::vector<float> Tensor::to_vector() const {
  const Tensor converted = to_f32();
  return {converted.f32(), converted.f32() + converted.numel()};
}

namespace {

// body(sample, pixel) for the pixels of n samples, on all threads.
template <typename Body>
void for_each_pixel(int64_t n, int64_t pixels, const Body& body) {
  constexpr int64_t kBlock = 16384;
  const int64_t blocks = (pixels + kBlock - 1) / kBlock;
  parallel_for(n * blocks, [&](int64_t task, int) {
    const int64_t begin = task % blocks * kBlock;
    for (int64_t p = begin; p < std::min(pixels, begin + kBlock); ++p) body(task / blocks, p);
  });
}

}  // namespace

Tensor nchw_to_nhwc(const Tensor& x) {
  const int64_t n = x.dim(0), c = x.dim(1), pixels = x.dim(2) * x.dim(3);
  Tensor y = Tensor::empty({n, x.dim(2), x.dim(3), c});
  for_each_pixel(n, pixels, [&](int64_t i, int64_t p) {
    for (int64_t k = 0; k < c; ++k) y.f32()[(i * pixels + p) * c + k] = x.f32()[(i * c + k) * pixels + p];
  });
  return y;
}

Tensor nhwc_to_nchw(const Tensor& x) {
  const int64_t n = x.dim(0), pixels = x.dim(1) * x.dim(2), c = x.dim(3);
  Tensor y = Tensor::empty({n, c, x.dim(1), x.dim(2)});
  for_each_pixel(n, pixels, [&](int64_t i, int64_t p) {
    for (int64_t k = 0; k < c; ++k) y.f32()[(i * c + k) * pixels + p] = x.f32()[(i * pixels + p) * c + k];
  });
  return y;
}

}  // namespace easel
