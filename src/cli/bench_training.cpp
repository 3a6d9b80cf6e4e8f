#include "cli/bench_training.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "benchmark/training_benchmark.h"
#include "ops/cpu/kernels.h"
#include "tensor/parallel.h"

namespace easel::cli {
namespace {

void print_row(const TrainingBenchmarkResult& result, const TrainingShapeResult& shape, const char* kernels,
               const TrainingStepTimes& times) {
  std::printf("  %-10s %9.3f %9.3f %9.3f %9.3f %9.3f %11.1f %9.2f\n", kernels, times.forward_seconds,
              times.backward_seconds, times.optimizer_seconds, times.seconds(), times.cpu_seconds,
              shape.pictures_per_second(times), result.floor_ratio(shape, times));
}

void print_table(const TrainingBenchmarkResult& result) {
  std::printf("training on %s kernels, %d threads, f32 FMA peak %.0f GFLOP/s\n", cpu::kernels_name(), thread_count(),
              result.peak_gflops);
  for (const TrainingShapeResult& shape : result.shapes) {
    std::printf("\n%s: %.2f M weights, batch of %lld, %.3f TFLOP a step\n", shape.shape.c_str(),
                static_cast<double>(shape.parameters) * 1e-6, static_cast<long long>(shape.batch_size), shape.tflop);
    std::printf("  %-10s %9s %9s %9s %9s %11s %9s\n", "kernels", "forward", "backward", "AdamW", "seconds",
                "pictures/s", "of floor");
    print_row(result, shape, "own", shape.own);
    print_row(result, shape, "LibTorch's", shape.libtorch);
    std::printf("  %.1f times as fast\n", shape.speedup());
  }
  std::printf("\npeak memory %.2f GB\n", static_cast<double>(result.peak_memory_bytes) * 1e-9);
}

nlohmann::ordered_json times_json(const TrainingBenchmarkResult& result, const TrainingShapeResult& shape,
                                  const TrainingStepTimes& times) {
  return {{"seconds", times.seconds()},
          {"forward_seconds", times.forward_seconds},
          {"backward_seconds", times.backward_seconds},
          {"optimizer_seconds", times.optimizer_seconds},
          {"cpu_seconds", times.cpu_seconds},
          {"pictures_per_second", shape.pictures_per_second(times)},
          {"floor_ratio", result.floor_ratio(shape, times)}};
}

void print_json(const TrainingBenchmarkResult& result) {
  nlohmann::ordered_json json{{"peak_gflops", result.peak_gflops},
                              {"kernels", cpu::kernels_name()},
                              {"threads", thread_count()},
                              {"training", nlohmann::ordered_json::object()},
                              {"peak_memory_bytes", result.peak_memory_bytes}};
  for (const TrainingShapeResult& shape : result.shapes)
    json["training"][shape.shape] = {{"batch_size", shape.batch_size},
                                     {"parameters", shape.parameters},
                                     {"tflop", shape.tflop},
                                     {"own", times_json(result, shape, shape.own)},
                                     {"libtorch", times_json(result, shape, shape.libtorch)},
                                     {"speedup", shape.speedup()}};
  std::printf("%s\n", json.dump().c_str());
}

}  // namespace

int bench_training(const std::string& shape, int64_t runs, BenchOutput output) {
  const TrainingBenchmarkResult result = run_training_benchmark(shape, runs);
  output == BenchOutput::json ? print_json(result) : print_table(result);
  return 0;
}

}  // namespace easel::cli
