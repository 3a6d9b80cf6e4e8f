// Operations at the shapes of Stable Diffusion 1.5, 512x512, a guided step (batch of two) and the VAE decoder: GFLOP/s
// by direct arithmetic, and the ratio to the multiply-add peak measured at the start.
//   op_bench --benchmark_filter=conv2d     EASEL_CPU_KERNELS and EASEL_THREADS apply
#include "op_measurement.h"
#include "ops/ops.h"

namespace easel {
namespace {

struct ConvolutionShape {
  int64_t batch, height, width, in_channels, out_channels, kernel;
  int stride = 1;
};

void add_convolution(const ConvolutionShape& s) {
  const std::string name = "conv2d/" + std::to_string(s.kernel) + "x" + std::to_string(s.kernel) + "/" +
                           std::to_string(s.batch) + "x" + std::to_string(s.height) + "x" + std::to_string(s.width) +
                           "/" + std::to_string(s.in_channels) + "->" + std::to_string(s.out_channels) + "/s" +
                           std::to_string(s.stride);
  add_benchmark(name, [s](benchmark::State& state) {
    const Tensor x = filled({s.batch, s.height, s.width, s.in_channels});
    const Tensor weight = filled({s.out_channels, s.in_channels, s.kernel, s.kernel}, DType::f16);
    const Tensor bias = filled({s.out_channels});
    const Conv2dOptions options{.stride = s.stride, .padding = Padding::all(static_cast<int>(s.kernel / 2))};
    const double outputs = static_cast<double>(s.batch * s.height * s.width * s.out_channels) / (s.stride * s.stride);
    measure(state, 2e-9 * outputs * static_cast<double>(s.in_channels * s.kernel * s.kernel),
            [&] { return conv2d(x, weight, bias, options); });
  });
}

struct LinearShape {
  int64_t rows, in, out;
  Activation activation = Activation::none;
};

void add_linear(const LinearShape& s) {
  const std::string name = "linear/" + std::to_string(s.rows) + "/" + std::to_string(s.in) + "->" +
                           std::to_string(s.out) + (s.activation == Activation::geglu ? "/geglu" : "");
  add_benchmark(name, [s](benchmark::State& state) {
    const Tensor x = filled({s.rows, s.in}), weight = filled({s.out, s.in}, DType::f16), bias = filled({s.out});
    measure(state, 2e-9 * static_cast<double>(s.rows * s.in * s.out),
            [&] { return linear(x, weight, bias, {.activation = s.activation}); });
  });
}

struct AttentionShape {
  int64_t batch, queries, keys, heads, head_size;
};

void add_attention(const AttentionShape& s) {
  const std::string name = "attention/" + std::to_string(s.batch) + "x" + std::to_string(s.queries) + "x" +
                           std::to_string(s.keys) + "/" + std::to_string(s.heads) + "x" + std::to_string(s.head_size);
  add_benchmark(name, [s](benchmark::State& state) {
    const Tensor q = filled({s.batch, s.queries, s.heads * s.head_size});
    const Tensor k = filled({s.batch, s.keys, s.heads * s.head_size});
    measure(state, 4e-9 * static_cast<double>(s.batch * s.queries * s.keys * s.heads * s.head_size),
            [&] { return attention(q, k, k, {.num_heads = s.heads}); });
  });
}

// Bound by memory: their "GFLOP" are elements read and written.
void add_memory_bound(const Shape& shape) {
  const double gigabytes = 8e-9 * static_cast<double>(shape.numel());
  add_benchmark("group_norm_silu/" + shape.to_string(), [=](benchmark::State& state) {
    const Tensor x = filled(shape), weight = filled({shape[3]});
    for (auto _ : state) benchmark::DoNotOptimize(group_norm(x, weight, weight, {.fuse_silu = true}));
    state.counters["GB/s"] =
        benchmark::Counter(gigabytes * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  });
}

void add_benchmarks() {
  for (const ConvolutionShape& shape : {ConvolutionShape{2, 64, 64, 320, 320, 3},
                                        {2, 64, 64, 640, 320, 3},
                                        {2, 64, 64, 960, 320, 3},
                                        {2, 32, 32, 640, 640, 3},
                                        {2, 32, 32, 1280, 640, 3},
                                        {2, 16, 16, 1280, 1280, 3},
                                        {2, 16, 16, 2560, 1280, 3},
                                        {2, 8, 8, 1280, 1280, 3},
                                        {2, 8, 8, 2560, 1280, 3},
                                        {2, 64, 64, 4, 320, 3},
                                        {2, 64, 64, 320, 4, 3},
                                        {2, 64, 64, 320, 320, 3, 2},
                                        {2, 64, 64, 320, 320, 1},
                                        {2, 32, 32, 640, 640, 1},
                                        {1, 64, 64, 512, 512, 3},
                                        {1, 128, 128, 512, 512, 3},
                                        {1, 256, 256, 512, 256, 3},
                                        {1, 256, 256, 256, 256, 3},
                                        {1, 512, 512, 256, 128, 3},
                                        {1, 512, 512, 128, 128, 3},
                                        {1, 512, 512, 128, 3, 3}})
    add_convolution(shape);
  for (const LinearShape& shape : {LinearShape{8192, 320, 320},
                                   {8192, 320, 2560, Activation::geglu},
                                   {8192, 1280, 320},
                                   {2048, 640, 640},
                                   {2048, 640, 5120, Activation::geglu},
                                   {2048, 2560, 640},
                                   {512, 1280, 1280},
                                   {512, 1280, 10240, Activation::geglu},
                                   {128, 5120, 1280},
                                   {154, 768, 1280},
                                   {2, 1280, 1280}})
    add_linear(shape);
  for (const AttentionShape& shape : {AttentionShape{2, 4096, 4096, 8, 40},
                                      {2, 1024, 1024, 8, 80},
                                      {2, 256, 256, 8, 160},
                                      {2, 64, 64, 8, 160},
                                      {2, 4096, 77, 8, 40},
                                      {2, 1024, 77, 8, 80},
                                      {1, 4096, 4096, 1, 512}})
    add_attention(shape);
  for (const Shape& shape : {Shape{2, 64, 64, 320}, {2, 16, 16, 1280}, {1, 512, 512, 128}}) add_memory_bound(shape);
}

}  // namespace
}  // namespace easel

int main(int argc, char** argv) { return easel::run_benchmarks(argc, argv, easel::add_benchmarks); }
