// What the library exports: one TorchPlugin on one device.
#include <torch/cuda.h>

#include <charconv>
#include <string>

#include "easel/error.h"
#include "ops/torch/torch_autograd.h"
#include "ops/torch/torch_backend.h"
#include "ops/torch/torch_process_group.h"
#include "ops/torch_plugin.h"

namespace easel {
namespace {

// device: "cpu", "cuda" or "cuda:N". Throws InvalidArgument for any other, NotFound where there is no such GPU.
at::Device parse_device(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  int index = 0;
  const char* const end = name.data() + name.size();
  const bool numbered = name.rfind("cuda:", 0) == 0;
  if (numbered) {
    const auto [stop, error] = std::from_chars(name.data() + 5, end, index);
    if (error != std::errc() || stop != end || index < 0) index = -1;
  }
  if ((name != "cuda" && !numbered) || index < 0)
    throw Error(ErrorCode::InvalidArgument, "[torch] device = " + name + "; must be cpu, cuda or cuda:N");
  const auto count = static_cast<int>(torch::cuda::device_count());
  if (count == 0) throw Error(ErrorCode::NotFound, "[torch] device = " + name + "; LibTorch finds no CUDA device here");
  if (index >= count)
    throw Error(ErrorCode::NotFound,
                "[torch] device = " + name + "; must be cuda:0..cuda:" + std::to_string(count - 1));
  return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

class LibTorchPlugin final : public TorchPlugin {
 public:
  explicit LibTorchPlugin(at::Device device) : device_(device), backend_(device), autograd_(device) {}

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

extern "C" EASEL_API easel::TorchPlugin* easel_create_torch_plugin(const char* device) {
  return new easel::LibTorchPlugin(easel::parse_device(device));
}
