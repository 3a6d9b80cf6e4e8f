#include "ops/kernel_variant.h"

#include "ops/cpu/kernels.h"
#include "tensor_matchers.h"

namespace easel {

KernelVariant::KernelVariant() { cpu::force_kernels(GetParam()); }

KernelVariant::~KernelVariant() {
  cpu::force_kernels(cpu::supported_kernels().front());
  set_thread_count(initial_threads_);
}

Tensor KernelVariant::run_on_any_threads(const std::string& what, const std::function<Tensor()>& operation) {
  set_thread_count(1);
  const Tensor result = operation();
  EXPECT_TRUE(tensors_identical(operation(), result)) << what << ", again";
  for (int threads : {2, 5}) {
    set_thread_count(threads);
    EXPECT_TRUE(tensors_identical(operation(), result)) << what << " with " << threads << " threads";
  }
  set_thread_count(initial_threads_);
  return result;
}

}  // namespace easel
