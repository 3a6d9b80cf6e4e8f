// torch_settings.h — how the torch backend computes: whose kernels, and in which number format. One setting for the
// process; none of it needs LibTorch.
#pragma once

#include "tensor/dtype.h"

namespace easel {

// Whose kernels the torch backend computes with where its device is the CPU: the cpu backend's, with their gradients of
// ops/gradients.h, or LibTorch's own. Default: own, or EASEL_TORCH_KERNELS=own|libtorch (InvalidArgument for any
// other).
enum class TorchCpuKernels { own, libtorch };
EASEL_API TorchCpuKernels torch_cpu_kernels();
// Not to be called while operations run: benchmarks and tests compare the two in one process.
EASEL_API void set_torch_cpu_kernels(TorchCpuKernels kernels);

// The number format in which LibTorch's kernels multiply (linear, conv2d, attention): f32, or bf16 with sums in f32, as
// autocast does. Weights, norms and results stay f32. Own kernels always compute in f32. Not to be called while
// operations run. Throws InvalidArgument for another format.
EASEL_API DType torch_product_dtype();
EASEL_API void set_torch_product_dtype(DType dtype);

}  // namespace easel
