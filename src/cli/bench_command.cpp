// easel bench — how fast this machine runs the networks, against the floor of direct arithmetic.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "benchmark/generation_benchmark.h"
#include "benchmark/training_benchmark.h"
#include "cli/bench_training.h"
#include "cli/commands.h"
#include "easel/error.h"
#include "files/message_text.h"
#include "model_tools/network_shapes.h"
#include "ops/cpu/kernels.h"
#include "tensor/parallel.h"

namespace easel::cli {
namespace {

struct BenchOptions {
  BenchmarkOptions benchmark;
  std::string size = "512x512";
  std::string training;  // empty: generation
  bool json = false;
};

void parse_size(const std::string& text, BenchmarkOptions& options) {
  long long width = 0, height = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%lldx%lld%c", &width, &height, &rest) != 2 || width < 1 || height < 1 ||
      width > 16384 || height > 16384)
    throw Error(ErrorCode::InvalidArgument, "[bench] size = " + text + "; must be WIDTHxHEIGHT, as 512x512");
  options.width_px = width;
  options.height_px = height;
}

void print_table(const BenchmarkResult& result) {
  std::printf("%s kernels, %d threads, f32 FMA peak %.0f GFLOP/s\n\n", cpu::kernels_name(), thread_count(),
              result.peak_gflops);
  std::printf("%-14s %10s %10s %10s\n", "component", "TFLOP", "seconds", "of floor");
  for (const ComponentResult& component : result.components)
    std::printf("%-14s %10.3f %10.2f %10.2f\n", component.component.c_str(), component.tflop, component.seconds,
                result.floor_ratio(component));
  std::printf("\npeak memory %.2f GB\n", static_cast<double>(result.peak_memory_bytes) * 1e-9);
  for (const ComponentResult& component : result.components) {
    std::printf("\n%-24s %7s %9s %9s %9s\n", component.component.c_str(), "calls", "TFLOP", "seconds", "of floor");
    for (const auto& [op, total] : component.ops) {
      std::printf("  %-22s %7lld %9.3f %9.3f ", op.c_str(), static_cast<long long>(total.calls), total.tflop(),
                  total.seconds);
      if (total.multiply_adds > 0)
        std::printf("%9.2f\n", result.floor_ratio(total));
      else
        std::printf("%9s\n", "");
    }
  }
}

void print_json(const BenchmarkResult& result) {
  nlohmann::ordered_json json{{"peak_gflops", result.peak_gflops},
                              {"kernels", cpu::kernels_name()},
                              {"threads", thread_count()},
                              {"components", nlohmann::ordered_json::object()},
                              {"peak_memory_bytes", result.peak_memory_bytes}};
  for (const ComponentResult& component : result.components) {
    nlohmann::ordered_json ops = nlohmann::ordered_json::object();
    for (const auto& [op, total] : component.ops)
      ops[op] = {{"calls", total.calls}, {"tflop", total.tflop()}, {"seconds", total.seconds}};
    json["components"][component.component] = {{"tflop", component.tflop},
                                               {"seconds", component.seconds},
                                               {"floor_ratio", result.floor_ratio(component)},
                                               {"ops", ops}};
  }
  std::printf("%s\n", json.dump().c_str());
}

int bench(BenchOptions& options) {
  if (!options.training.empty())
    return bench_training(options.training, options.benchmark.runs,
                          options.json ? BenchOutput::json : BenchOutput::table);
  parse_size(options.size, options.benchmark);
  const BenchmarkResult result = run_benchmark(options.benchmark);
  options.json ? print_json(result) : print_table(result);
  return 0;
}

}  // namespace

void add_bench_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("bench", "Measure the networks' speed against the machine's arithmetic peak");
  const auto options = std::make_shared<BenchOptions>();
  command->add_option("--random", options->benchmark.shape,
                      "Networks of this shape with random weights: " + joined_names(network_shapes()));
  command->add_option("--size", options->size, "Picture size, WIDTHxHEIGHT");
  command
      ->add_option("--train", options->training,
                   "Measure a training step on the CPU instead, on our own and on LibTorch's kernels: all (but the "
                   "smallest), " +
                       joined_names(training_benchmark_shapes()))
      ->expected(0, 1)
      ->default_str("all");
  command->add_option("--runs", options->benchmark.runs, "Counted runs of each component")->check(CLI::Range(1, 100));
  command->add_option("--device", options->benchmark.device, "cpu, cuda, cuda:N or torch:cpu");
  command->add_flag("--json", options->json, "Print the result as one JSON object");
  command->callback([options, &chosen] { chosen = [options] { return bench(*options); }; });
}

}  // namespace easel::cli
