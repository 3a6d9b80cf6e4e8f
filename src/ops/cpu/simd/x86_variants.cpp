#include "ops/cpu/kernel_table.h"

namespace easel::cpu {

std::vector<const Kernels*> vector_kernels() {
  std::vector<const Kernels*> tables;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    tables.push_back(&avx512_kernels());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c"))
    tables.push_back(&avx2_kernels());
  return tables;
}

}  // namespace easel::cpu
