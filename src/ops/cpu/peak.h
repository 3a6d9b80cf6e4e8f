// peak.h — the arithmetic limit of this machine, for benchmarks.
#pragma once

#include "easel/export.h"

namespace easel::cpu {

// Billions of f32 operations per second (a fused multiply-add counts two) that `threads` threads reach with the
// instruction set in use, on independent chains in registers: the most that any kernel could do. Best of several runs,
// 0.1 s in all. REQUIRES: threads >= 1.
EASEL_API double measure_peak_gflops(int threads);

}  // namespace easel::cpu
