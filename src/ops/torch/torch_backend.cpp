#include "ops/torch/torch_backend.h"

#include <ATen/Parallel.h>

#include "ops/torch/arena_allocator.h"
#include "ops/torch/guard.h"
#include "ops/torch/host_tensors.h"
#include "tensor/parallel.h"

namespace easel {

TorchBackend::TorchBackend(const Device& device) : place_(device), device_(to_torch(device)) {
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
