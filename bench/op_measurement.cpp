#include "op_measurement.h"

#include <chrono>
#include <cstdio>
#include <ctime>

#include "ops/cpu/kernels.h"
#include "ops/cpu/peak.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

double peak_gflops = 0.0;

}  // namespace

Tensor filled(const Shape& shape, DType dtype) {
  Tensor x = Tensor::empty(shape, dtype);
  for (int64_t i = 0; i < x.numel(); ++i) {
    const float value = static_cast<float>(i % 17 - 8) * 0.01f;
    if (dtype == DType::f16)
      x.data<uint16_t>()[i] = f32_to_f16(value);
    else
      x.f32()[i] = value;
  }
  return x;
}

void measure(benchmark::State& state, double gflop, const std::function<Tensor()>& operation) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu_start = std::clock();
  for (auto _ : state) benchmark::DoNotOptimize(operation());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double cpu_seconds =
      static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC / static_cast<double>(thread_count());
  const double done = gflop * static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = done / seconds;
  state.counters["of peak"] = done / seconds / peak_gflops;
  state.counters["of peak by CPU time"] = done / cpu_seconds / peak_gflops;
}

void add_benchmark(const std::string& name, const std::function<void(benchmark::State&)>& body) {
  benchmark::RegisterBenchmark(name.c_str(), body)->Unit(benchmark::kMillisecond)->UseRealTime();
}

int run_benchmarks(int argc, char** argv, void (*add_benchmarks)()) {
  benchmark::Initialize(&argc, argv);
  peak_gflops = cpu::measure_peak_gflops(thread_count());
  std::printf("%s kernels, %d threads, peak %.1f GFLOP/s\n", cpu::kernels_name(), thread_count(), peak_gflops);
  add_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace easel
