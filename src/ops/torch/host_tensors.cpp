#include "ops/torch/host_tensors.h"

#include "ops/torch/torch_storage.h"

namespace easel {
namespace {

class BorrowedStorage final : public Storage {
 public:
  explicit BorrowedStorage(const at::Tensor& contiguous)
      : Storage(Device(), contiguous.data_ptr(), contiguous.nbytes()), tensor_(contiguous) {}

 private:
  at::Tensor tensor_;
};

}  // namespace

Tensor borrow(const at::Tensor& tensor) {
  if (!tensor.defined()) return {};
  const Shape shape(tensor.sizes().data(), static_cast<int>(tensor.dim()));
  return Tensor(std::make_shared<BorrowedStorage>(tensor.detach().contiguous()), 0, shape,
                to_dtype(tensor.scalar_type()));
}

at::Tensor lend(const Tensor& host) {
  char* const elements = static_cast<char*>(host.storage()->data()) + host.offset_bytes();
  return at::from_blob(
      elements, sizes_of(host.shape()), [owner = host.storage()](void*) mutable { owner.reset(); },
      at::TensorOptions(to_scalar_type(host.dtype())));
}

}  // namespace easel
