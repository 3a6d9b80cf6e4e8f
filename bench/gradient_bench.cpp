// The three passes of convolutions and linear layers at the shapes of training: a U-Net on latents of 16x16, batch 64,
// and an autoencoder on pictures of 128x128, batch 16.
//   gradient_bench --benchmark_filter=weight/3x3
#include "op_measurement.h"
#include "ops/gradients.h"

namespace easel {
namespace {

struct ConvolutionShape {
  int64_t batch, size, in_channels, out_channels, kernel;
  int stride = 1;
};

// padding as the layers of the networks have it: one pixel around 3x3 filters, with stride 2 right and below only.
void add_convolution(const ConvolutionShape& s) {
  const std::string name = std::to_string(s.kernel) + "x" + std::to_string(s.kernel) + "/" + std::to_string(s.batch) +
                           "x" + std::to_string(s.size) + "x" + std::to_string(s.size) + "/" +
                           std::to_string(s.in_channels) + "->" + std::to_string(s.out_channels) + "/s" +
                           std::to_string(s.stride);
  const Padding padding = s.stride == 2 ? Padding{.top = 0, .left = 0, .bottom = 1, .right = 1}
                                        : Padding::all(static_cast<int>(s.kernel / 2));
  const int64_t out_size = s.size / s.stride;
  const Shape x_shape{s.batch, s.size, s.size, s.in_channels}, y_shape{s.batch, out_size, out_size, s.out_channels};
  const Shape weight_shape{s.out_channels, s.in_channels, s.kernel, s.kernel};
  const double gflop = 2e-9 * static_cast<double>(s.batch * out_size * out_size * weight_shape.numel());
  add_benchmark("forward/" + name, [=](benchmark::State& state) {
    const Tensor x = filled(x_shape), weight = filled(weight_shape);
    measure(state, gflop, [&] { return conv2d(x, weight, Tensor(), {.stride = s.stride, .padding = padding}); });
  });
  add_benchmark("input/" + name, [=](benchmark::State& state) {
    const Tensor grad_y = filled(y_shape), weight = filled(weight_shape);
    measure(state, gflop, [&] { return conv2d_grad_input(grad_y, weight, x_shape, s.stride, padding); });
  });
  add_benchmark("weight/" + name, [=](benchmark::State& state) {
    const Tensor grad_y = filled(y_shape), x = filled(x_shape);
    measure(state, gflop, [&] { return conv2d_grad_weight(grad_y, x, weight_shape, s.stride, padding); });
  });
}

struct LinearShape {
  int64_t rows, in, out;
};

void add_linear(const LinearShape& s) {
  const std::string name =
      "linear/" + std::to_string(s.rows) + "/" + std::to_string(s.in) + "->" + std::to_string(s.out);
  const double gflop = 2e-9 * static_cast<double>(s.rows * s.in * s.out);
  add_benchmark("forward/" + name, [=](benchmark::State& state) {
    const Tensor x = filled({s.rows, s.in}), weight = filled({s.out, s.in});
    measure(state, gflop, [&] { return linear(x, weight, Tensor()); });
  });
  add_benchmark("input/" + name, [=](benchmark::State& state) {
    const Tensor grad_y = filled({s.rows, s.out}), weight = filled({s.out, s.in});
    measure(state, gflop, [&] { return linear_grad_input(grad_y, weight); });
  });
  add_benchmark("weight/" + name, [=](benchmark::State& state) {
    const Tensor grad_y = filled({s.rows, s.out}), x = filled({s.rows, s.in});
    measure(state, gflop, [&] { return linear_grad_weight(grad_y, x); });
  });
}

void add_benchmarks() {
  for (const ConvolutionShape& shape : {
           // U-Net
           ConvolutionShape{64, 16, 64, 64, 3},
           {64, 16, 128, 128, 3},
           {64, 16, 192, 96, 3},
           {64, 8, 192, 192, 3},
           {64, 8, 384, 192, 3},
           {64, 4, 384, 384, 3},
           {64, 4, 768, 384, 3},
           {64, 2, 384, 384, 3},
           {64, 16, 96, 96, 3, 2},
           {64, 8, 192, 192, 3, 2},
           {64, 8, 384, 192, 1},
           {64, 16, 4, 64, 3},
           {64, 16, 64, 4, 3},
           // autoencoder
           {16, 128, 3, 16, 3},
           {16, 128, 16, 16, 3},
           {16, 128, 16, 3, 3},
           {16, 128, 16, 16, 3, 2},
           {16, 64, 32, 32, 3},
           {16, 128, 32, 32, 3},
           {16, 128, 32, 16, 3},
           {16, 64, 32, 64, 3},
           {16, 32, 64, 64, 3},
           {16, 16, 128, 128, 3},
       })
    add_convolution(shape);
  for (const LinearShape& shape : {LinearShape{64 * 256, 64, 64},
                                   {64 * 256, 128, 512},
                                   {64 * 64, 192, 192},
                                   {64 * 64, 192, 1536},
                                   {64 * 64, 768, 192},
                                   {64 * 16, 384, 384},
                                   {64 * 16, 1536, 384}})
    add_linear(shape);
}

}  // namespace
}  // namespace easel

int main(int argc, char** argv) { return easel::run_benchmarks(argc, argv, easel::add_benchmarks); }
