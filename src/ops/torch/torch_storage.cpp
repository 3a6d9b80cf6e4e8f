#include "ops/torch/torch_storage.h"

#include <string>

#include "easel/error.h"

namespace easel {
namespace {

Device place_of(const at::Tensor& tensor) {
  if (tensor.is_cpu()) return {.kind = DeviceKind::torch_cpu};
  return {.kind = DeviceKind::torch_cuda, .index = tensor.device().index()};
}

void* host_address(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.is_contiguous() ? tensor.data_ptr() : nullptr;
}

}  // namespace

TorchStorage::TorchStorage(const at::Tensor& tensor)
    : Storage(place_of(tensor), host_address(tensor), tensor.nbytes()), tensor_(tensor) {}

at::Device to_torch(const Device& device) {
  if (device.kind != DeviceKind::torch_cuda) return at::kCPU;
  return {at::kCUDA, static_cast<at::DeviceIndex>(device.index)};
}

at::ScalarType to_scalar_type(DType dtype) {
  switch (dtype) {
    case DType::f32: return at::kFloat;
    case DType::f16: return at::kHalf;
    case DType::bf16: return at::kBFloat16;
    case DType::i32: return at::kInt;
    case DType::u8: return at::kByte;
    case DType::i8: return at::kChar;
    case DType::i16: return at::kShort;
    case DType::boolean: return at::kBool;
    case DType::i64: return at::kLong;
    case DType::f64: return at::kDouble;
    default:  // types that only files hold, and that LibTorch 1.13 does not have
      throw Error(ErrorCode::Unsupported, std::string("[torch] LibTorch holds no tensors of ") + dtype_name(dtype));
  }
}

DType to_dtype(at::ScalarType type) {
  switch (type) {
    case at::kFloat: return DType::f32;
    case at::kHalf: return DType::f16;
    case at::kBFloat16: return DType::bf16;
    case at::kInt: return DType::i32;
    case at::kByte: return DType::u8;
    case at::kChar: return DType::i8;
    case at::kShort: return DType::i16;
    case at::kBool: return DType::boolean;
    case at::kLong: return DType::i64;
    case at::kDouble: return DType::f64;
    default: throw Error(ErrorCode::Internal, std::string("[torch] no dtype for ") + c10::toString(type));
  }
}

Tensor wrap(const at::Tensor& tensor) {
  const Shape shape(tensor.sizes().data(), static_cast<int>(tensor.dim()));
  return Tensor(std::make_shared<TorchStorage>(tensor), 0, shape, to_dtype(tensor.scalar_type()));
}

at::Tensor unwrap(const Tensor& x) {
  if (!x.defined()) return {};
  if (x.backend_kind() != BackendKind::torch)
    throw Error(ErrorCode::InvalidArgument,
                "[torch] operand " + x.shape().to_string() + " is on the cpu backend; all must be on torch");
  const at::Tensor& tensor = static_cast<const TorchStorage&>(*x.storage()).tensor();
  const at::IntArrayRef sizes = sizes_of(x.shape());
  if (x.offset_bytes() == 0 && tensor.sizes() == sizes) return tensor;
  const auto first = static_cast<int64_t>(x.offset_bytes() / dtype_size_bytes(x.dtype()));
  return tensor.reshape(-1).narrow(0, first, x.numel()).view(sizes);
}

at::Tensor unwrap_f32(const Tensor& x) {
  const at::Tensor tensor = unwrap(x);
  return tensor.defined() ? tensor.to(at::kFloat) : tensor;
}

}  // namespace easel
