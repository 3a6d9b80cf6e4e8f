#include <cpuid.h>

#include "ops/cpu/kernel_table.h"

namespace easel::cpu {
namespace {

// Clang 14's __builtin_cpu_supports does not know "f16c". CPUID leaf 1, ECX (Intel SDM volume 2A).
bool supports_f16c() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
}

}  // namespace

std::vector<const Kernels*> vector_kernels() {
  std::vector<const Kernels*> tables;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    tables.push_back(&avx512_kernels());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && supports_f16c())
    tables.push_back(&avx2_kernels());
  return tables;
}

}  // namespace easel::cpu
