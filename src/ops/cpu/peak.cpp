#include "ops/cpu/peak.h"

#include <algorithm>
#include <chrono>

#include "ops/cpu/kernel_table.h"
#include "ops/cpu/kernels.h"
#include "tensor/parallel.h"

namespace easel::cpu {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Operations per second of one run in which every thread does `iterations`.
double run_chains(int threads, int64_t iterations) {
  const auto start = std::chrono::steady_clock::now();
  parallel_for(threads, [&](int64_t, int) { kernels().run_fma_chains(iterations); });
  return static_cast<double>(threads * iterations * kernels().flops_per_fma_iteration) / seconds_since(start);
}

}  // namespace

double measure_peak_gflops(int threads) {
  // Runs of about half a millisecond: short enough that some go undisturbed by other processes.
  constexpr int kRuns = 200;
  constexpr int64_t kIterations = 300'000;
  const int previous = thread_count();
  set_thread_count(threads);
  double best = 0.0;
  for (int run = 0; run < kRuns; ++run) best = std::max(best, run_chains(threads, kIterations));
  set_thread_count(previous);
  return best * 1e-9;
}

}  // namespace easel::cpu
