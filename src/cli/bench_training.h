// bench_training.h — `easel bench --train`.
#pragma once

#include <cstdint>
#include <string>

namespace easel::cli {

enum class BenchOutput { table, json };

// Measures the training of a shape (training_benchmark.h) and prints the result. Returns the exit code.
int bench_training(const std::string& shape, int64_t runs, BenchOutput output);

}  // namespace easel::cli
