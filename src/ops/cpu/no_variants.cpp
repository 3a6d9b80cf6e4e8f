// For processors without a vector variant.
#include "ops/cpu/kernel_table.h"

namespace easel::cpu {

std::vector<const Kernels*> vector_kernels() { return {}; }

}  // namespace easel::cpu
