#include "ops/torch_settings.h"

#include <atomic>
#include <cstdlib>
#include <string>

#include "easel/error.h"

namespace easel {
namespace {

std::atomic<DType> chosen_product_dtype{DType::f32};

std::atomic<TorchCpuKernels>& chosen_torch_cpu_kernels() {
  static std::atomic<TorchCpuKernels> chosen{[] {
    const char* const text = std::getenv("EASEL_TORCH_KERNELS");
    const std::string name = text == nullptr || *text == '\0' ? "own" : text;
    if (name != "own" && name != "libtorch")
      throw Error(ErrorCode::InvalidArgument, "[torch] EASEL_TORCH_KERNELS = " + name + "; must be own or libtorch");
    return name == "own" ? TorchCpuKernels::own : TorchCpuKernels::libtorch;
  }()};
  return chosen;
}

}  // namespace

TorchCpuKernels torch_cpu_kernels() { return chosen_torch_cpu_kernels(); }
void set_torch_cpu_kernels(TorchCpuKernels kernels) { chosen_torch_cpu_kernels() = kernels; }

DType torch_product_dtype() { return chosen_product_dtype; }

void set_torch_product_dtype(DType dtype) {
  if (dtype != DType::f32 && dtype != DType::bf16)
    throw Error(ErrorCode::InvalidArgument,
                std::string("[torch] products in ") + dtype_name(dtype) + "; must be f32 or bf16");
  chosen_product_dtype = dtype;
}

}  // namespace easel
