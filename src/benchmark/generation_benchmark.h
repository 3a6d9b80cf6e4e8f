// generation_benchmark.h — how near the networks come to the direct-arithmetic floor: their multiply-adds over the f32
// FMA peak that is measured in the same run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace easel {

struct OpTotal {
  int64_t calls = 0;
  int64_t multiply_adds = 0;
  double seconds = 0;
  double tflop() const { return 2e-12 * static_cast<double>(multiply_adds); }
};

struct ComponentResult {
  std::string component;               // "text_encoder", "unet_step" (guided: two samples), "vae_decode"
  double tflop = 0;                    // 2 * multiply-adds / 1e12
  double seconds = 0;                  // median run
  std::map<std::string, OpTotal> ops;  // of the median run
};

struct BenchmarkResult {
  double peak_gflops = 0;
  std::vector<ComponentResult> components;
  int64_t peak_memory_bytes = 0;  // resident, of the whole process
  // Floor over time: 1 is as fast as direct f32 arithmetic can be.
  double floor_ratio(const ComponentResult& component) const { return floor_ratio(component.tflop, component.seconds); }
  double floor_ratio(const OpTotal& op) const { return floor_ratio(op.tflop(), op.seconds); }

 private:
  double floor_ratio(double tflop, double seconds) const { return tflop * 1e3 / peak_gflops / seconds; }
};

struct BenchmarkOptions {
  std::string shape = "sd15";  // see network_shapes.h
  int64_t width_px = 512;
  int64_t height_px = 512;
  int64_t runs = 3;  // of each component, after one that does not count
  std::string device = "cpu";
};

// Measures with random fp16 weights; needs no file. Throws InvalidArgument for an unknown shape (with the list) or a
// size that does not fit.
BenchmarkResult run_benchmark(const BenchmarkOptions& options);

}  // namespace easel
