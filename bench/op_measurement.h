// op_measurement.h — how the benchmarks of operations measure: GFLOP/s by direct arithmetic, and the ratio to the
// multiply-add peak measured at the start. EASEL_CPU_KERNELS and EASEL_THREADS apply.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>

#include "tensor/tensor.h"

namespace easel {

// Small values that are not all alike; their distribution does not matter for time. dtype: f32 or f16.
Tensor filled(const Shape& shape, DType dtype = DType::f32);

// Runs the operation and sets the counters: by the clock, and by the processor time of all threads, which other
// processes do not disturb.
void measure(benchmark::State& state, double gflop, const std::function<Tensor()>& operation);

void add_benchmark(const std::string& name, const std::function<void(benchmark::State&)>& body);

// The program: measures the peak, then runs what add_benchmarks has added.
int run_benchmarks(int argc, char** argv, void (*add_benchmarks)());

}  // namespace easel
