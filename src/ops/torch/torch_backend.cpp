#include "ops/torch/torch_backend.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <charconv>

#include "ops/torch/arena_allocator.h"
#include "ops/torch/guard.h"
#include "ops/torch/host_tensors.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

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

}  // namespace

TorchBackend::TorchBackend(const std::string& device) : device_(parse_device(device)), autograd_(device_) {
  at::set_num_threads(thread_count());
  // The contract is f32 arithmetic; cuDNN would round operands to TF32's 10 bits by default.
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setAllowTF32CuBLAS(false);
  if (device_.is_cpu()) use_arena_for_cpu_tensors();
}

Tensor TorchBackend::from_host(const Tensor& host) {
  return guarded("from_host", [&] {
    return lend(host).to(device_, to_scalar_type(host.dtype()), /*non_blocking=*/false, /*copy=*/true);
  });
}

Tensor TorchBackend::to_host(const Tensor& x) {
  const Tensor host = Tensor::empty(x.shape(), x.dtype());
  guarded("to_host", [&] { return lend(host).copy_(unwrap(x).detach()); });
  return host;
}

}  // namespace easel

extern "C" EASEL_API easel::Backend* easel_create_backend(const char* device) {
  return new easel::TorchBackend(device);
}
