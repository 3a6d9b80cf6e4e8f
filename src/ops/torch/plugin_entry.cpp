// What the library exports: a TorchPlugin on one device.
#include <torch/cuda.h>

#include <string>

#include "easel/error.h"
#include "ops/torch/torch_autograd.h"
#include "ops/torch/torch_backend.h"
#include "ops/torch/torch_process_group.h"
#include "ops/torch/torch_storage.h"
#include "ops/torch_plugin.h"

namespace easel {
namespace {

// Throws NotFound where there is no such GPU.
void require_gpu(const Device& device) {
  const auto count = static_cast<int>(torch::cuda::device_count());
  if (device.kind != DeviceKind::torch_cuda || device.index < count) return;
  throw Error(ErrorCode::NotFound, "[torch] device = " + device_name(device) +
                                       (count == 0 ? "; LibTorch finds no CUDA device here"
                                                   : "; must be cuda:0..cuda:" + std::to_string(count - 1)));
}

class LibTorchPlugin final : public TorchPlugin {
 public:
  explicit LibTorchPlugin(const Device& device) : device_(to_torch(device)), backend_(device), autograd_(device_) {}

  Backend& backend() override { return backend_; }
  Autograd& autograd() override { return autograd_; }
  std::unique_ptr<ProcessGroup> join_process_group(const ProcessPlace& place) override {
    return make_torch_process_group(place, device_);
  }

 private:
  at::Device device_;
  TorchBackend backend_;
  TorchAutograd autograd_;
};

}  // namespace
}  // namespace easel

extern "C" EASEL_API easel::TorchPlugin* easel_create_torch_plugin(const easel::Device& device) {
  easel::require_gpu(device);
  return new easel::LibTorchPlugin(device);
}
