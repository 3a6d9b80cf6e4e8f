// tensor.h — a value handle on a contiguous n-dimensional array.
//
// Copying a Tensor copies the handle; the elements are shared. Pictures and latents are [N, H, W, C], tokens [N, L, C],
// weights keep the layout of the checkpoint they came from (linear [C_out, C_in], convolution [C_out, C_in, kH, kW]).
// A default-constructed Tensor is "undefined": it stands for an absent optional operand.
// Thread safety: handles may be copied and read from several threads; writing elements is the owner's business.
#pragma once

#include <cassert>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "easel/export.h"
#include "tensor/device.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace easel {

// Owner of a tensor's elements. Subclasses free or unmap them.
class EASEL_API Storage {
 public:
  Storage(const Device& device, void* data, size_t size_bytes)
      : device_(device), data_(data), size_bytes_(size_bytes) {}
  virtual ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  const Device& device() const { return device_; }
  void* data() const { return data_; }  // host address; null where the host cannot read it
  size_t size_bytes() const { return size_bytes_; }

 private:
  Device device_;
  void* data_;
  size_t size_bytes_;
};

class EASEL_API Tensor {
 public:
  Tensor() = default;
  // A view of `storage` from `offset_bytes`. REQUIRES: the elements of `shape` lie inside the storage.
  Tensor(std::shared_ptr<Storage> storage, size_t offset_bytes, const Shape& shape, DType dtype);

  // Host memory from the arena (see arena.h), elements not initialised. Throws ResourceExhausted.
  static Tensor empty(const Shape& shape, DType dtype = DType::f32);
  static Tensor full(const Shape& shape, float value);
  static Tensor zeros(const Shape& shape) { return full(shape, 0.0f); }
  // Copies `values`. Throws InvalidArgument where their number is not shape.numel().
  static Tensor from(const Shape& shape, std::span<const float> values);
  static Tensor from(const Shape& shape, std::span<const int32_t> values);

  bool defined() const { return storage_ != nullptr; }
  const Shape& shape() const { return shape_; }
  int64_t dim(int i) const { return shape_[i]; }
  int rank() const { return shape_.rank(); }
  int64_t numel() const { return shape_.numel(); }
  DType dtype() const { return dtype_; }
  size_t size_bytes() const { return static_cast<size_t>(numel()) * dtype_size_bytes(dtype_); }
  Device device() const { return storage_ ? storage_->device() : Device(); }
  BackendKind backend_kind() const { return device().backend_kind(); }
  const std::shared_ptr<Storage>& storage() const { return storage_; }
  size_t offset_bytes() const { return offset_bytes_; }

  // Host address of the first element. REQUIRES: defined, on the host, and T of the size of the dtype.
  template <typename T>
  T* data() const {
    assert(storage_ && storage_->data() && sizeof(T) == dtype_size_bytes(dtype_));
    return reinterpret_cast<T*>(static_cast<char*>(storage_->data()) + offset_bytes_);
  }
  float* f32() const {
    assert(dtype_ == DType::f32);
    return data<float>();
  }
  std::span<float> span() const { return {f32(), static_cast<size_t>(numel())}; }

  // Host-side views and copies (networks use the operations of ops.h, which work on every backend).
  Tensor view(const Shape& shape) const;          // same elements, another shape of the same numel
  Tensor rows(int64_t begin, int64_t end) const;  // elements begin..end-1 of the first dimension, shared
  Tensor clone() const;                           // own elements in the arena
  Tensor to_f32() const;                          // converted copy; *this where it is f32 already
  std::vector<float> to_vector() const;           // values as f32, whatever the dtype

 private:
  std::shared_ptr<Storage> storage_;
  size_t offset_bytes_ = 0;
  Shape shape_;
  DType dtype_ = DType::f32;
};

// Layout changes between the field's files and Easel's memory, host f32 only. x: [N, C, H, W] -> [N, H, W, C] and back.
EASEL_API Tensor nchw_to_nhwc(const Tensor& x);
EASEL_API Tensor nhwc_to_nchw(const Tensor& x);

}  // namespace easel
