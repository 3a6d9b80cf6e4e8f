// kernels.h — the arithmetic of the cpu backend, one table of functions per instruction set.
//
// Every variant is compiled in its own translation unit with its own flags and everything in it is in an anonymous
// namespace. The best supported one is chosen at the first use; EASEL_CPU_KERNELS=reference|avx2|avx512 forces one by
// name.
#pragma once

#include <string>
#include <vector>

namespace easel::cpu {

struct Kernels;  // kernel_table.h

// The variant in use. Throws InvalidArgument where EASEL_CPU_KERNELS names an unknown or unsupported one (with the
// list).
const Kernels& kernels();
const char* kernels_name();
// Names of the variants that this CPU can run, fastest first; "reference" is always the last.
std::vector<std::string> supported_kernels();
// Forces a variant for the rest of the process (tests, benchmarks). Throws as kernels() does.
void force_kernels(const std::string& name);

}  // namespace easel::cpu
