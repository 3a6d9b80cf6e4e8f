#include "ops/run_meter.h"

#include <algorithm>

namespace easel {
namespace {

thread_local std::shared_ptr<RunNeeds> current;

class ShapeStorage final : public Storage {
 public:
  explicit ShapeStorage(size_t size_bytes)
      : Storage({.kind = DeviceKind::shapes}, nullptr, size_bytes), needs_(current) {
    if (!needs_) return;
    needs_->bytes += static_cast<int64_t>(size_bytes);
    needs_->peak_bytes = std::max(needs_->peak_bytes, needs_->bytes);
  }
  ~ShapeStorage() override {
    if (needs_) needs_->bytes -= static_cast<int64_t>(size_bytes());
  }

 private:
  std::shared_ptr<RunNeeds> needs_;
};

}  // namespace

RunMeter::RunMeter() : needs_(std::make_shared<RunNeeds>()) { current = needs_; }
RunMeter::~RunMeter() { current = nullptr; }

const std::shared_ptr<RunNeeds>& metered_needs() { return current; }

Tensor shape_only(const Shape& shape, DType dtype) {
  const auto size_bytes = static_cast<size_t>(shape.numel()) * dtype_size_bytes(dtype);
  return Tensor(std::make_shared<ShapeStorage>(size_bytes), 0, shape, dtype);
}

}  // namespace easel
