// The avx512 variant. Everything but its table is in an anonymous namespace: code compiled for this instruction set
// must not be picked by the linker for the rest of the program.
#include <immintrin.h>

#include <cstring>

#include "ops/cpu/kernel_table.h"
#include "ops/cpu/scratch.h"
#include "ops/cpu/tasks.h"

namespace easel::cpu {
namespace {

#include "ops/cpu/simd/vector_avx512.inl"
// The vectors come first: everything else is written over them.
#include "ops/cpu/simd/kernels.inl"

}  // namespace

const Kernels& avx512_kernels() {
  static constexpr Kernels kTable = kernel_table("avx512");
  return kTable;
}

}  // namespace easel::cpu
