// kernel_variant.h — tests that run on every variant of the cpu kernels.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tensor/parallel.h"
#include "tensor/tensor.h"

namespace easel {

// Forces the variant named by the parameter, and restores the choice and the number of threads afterwards.
class KernelVariant : public testing::TestWithParam<std::string> {
 protected:
  KernelVariant();
  ~KernelVariant() override;

  // operation() on one thread; expects the same bits when it runs again, and on 2 and 5 threads.
  Tensor run_on_any_threads(const std::string& what, const std::function<Tensor()>& operation);

 private:
  int initial_threads_ = thread_count();
};

}  // namespace easel
