// training_benchmark.h — how near a training step on the CPU comes to the direct-arithmetic floor, and to LibTorch
// alone.
//
// A step is forward, backward and AdamW. Its floor: three times the multiply-adds of the forward (backward computes two
// products for each of the forward's: the gradients of its two operands) over the f32 FMA peak that is measured in the
// same run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace easel {

// The median step.
struct TrainingStepTimes {
  double forward_seconds = 0, backward_seconds = 0, optimizer_seconds = 0;
  double cpu_seconds = 0;  // of all threads: where it is less than threads * seconds(), others had the processors
  double seconds() const { return forward_seconds + backward_seconds + optimizer_seconds; }
};

struct TrainingShapeResult {
  std::string shape;
  int64_t batch_size = 0;
  int64_t parameters = 0;
  double tflop = 0;            // of a step: 3 * 2 * multiply-adds / 1e12
  TrainingStepTimes own;       // the torch backend on our own kernels
  TrainingStepTimes libtorch;  // the same on LibTorch's

  double pictures_per_second(const TrainingStepTimes& times) const {
    return static_cast<double>(batch_size) / times.seconds();
  }
  double speedup() const { return libtorch.seconds() / own.seconds(); }
};

struct TrainingBenchmarkResult {
  double peak_gflops = 0;
  std::vector<TrainingShapeResult> shapes;
  int64_t peak_memory_bytes = 0;  // resident, of the whole process
  // Floor over time: 1 is as fast as direct f32 arithmetic can be.
  double floor_ratio(const TrainingShapeResult& shape, const TrainingStepTimes& times) const {
    return shape.tflop * 1e3 / peak_gflops / times.seconds();
  }
};

// Names of the networks whose training can be measured.
std::vector<std::string> training_benchmark_shapes();

// shape: one of those names, or "all" but the smallest. runs: counted steps, after one that does not count. Loads the
// torch backend on the CPU. Throws InvalidArgument for an unknown shape (with the list), NotFound without LibTorch.
TrainingBenchmarkResult run_training_benchmark(const std::string& shape, int64_t runs);

}  // namespace easel
