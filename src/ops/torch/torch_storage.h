// torch_storage.h — LibTorch's tensors as Easel's and back, sharing the elements.
//
// The at::Tensor has the shape and dtype of the Easel tensor that wraps it, and carries autograd's graph with it. It
// may be a strided view (the result of permute, say), so only operations see its elements, not Tensor::data().
#pragma once

#include <ATen/ATen.h>

#include "tensor/tensor.h"

namespace easel {

class TorchStorage final : public Storage {
 public:
  // Host address only where the host can read the elements in order: on the CPU and contiguous.
  explicit TorchStorage(const at::Tensor& tensor);
  const at::Tensor& tensor() const { return tensor_; }

 private:
  at::Tensor tensor_;
};

// device: of the torch backend.
at::Device to_torch(const Device& device);
// Throws Unsupported for the types that LibTorch 1.13 lacks (u16, u32, u64, f8).
at::ScalarType to_scalar_type(DType dtype);
// Throws Internal for an element type that Easel does not have.
DType to_dtype(at::ScalarType type);
inline at::IntArrayRef sizes_of(const Shape& shape) { return {shape.begin(), static_cast<size_t>(shape.rank())}; }

// Throws Internal for an element type that Easel does not have.
Tensor wrap(const at::Tensor& tensor);

// The elements behind a tensor of the torch backend; undefined for an undefined one. Host-side views (Tensor::view,
// Tensor::rows) of it are followed. Throws InvalidArgument for a tensor of another backend.
at::Tensor unwrap(const Tensor& x);

// unwrap, converted to f32 where it is stored as f16 or bf16. Converting at each use costs little beside the arithmetic
// and keeps weights at their stored size; gradients flow to the stored tensor.
at::Tensor unwrap_f32(const Tensor& x);

}  // namespace easel
