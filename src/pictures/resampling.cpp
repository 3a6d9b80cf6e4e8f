#include "pictures/resampling.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tensor/parallel.h"

namespace easel {
namespace {

double linear(double x) { return std::max(0.0, 1 - std::abs(x)); }

double cubic(double x) {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

double lanczos(double x) {
  const auto sinc = [](double t) { return t == 0 ? 1.0 : std::sin(std::numbers::pi * t) / (std::numbers::pi * t); };
  return std::abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
}

struct Kernel {
  double (*value)(double);
  double radius;  // in samples of the coarser grid
};

Kernel kernel_of(ResamplingFilter filter) {
  switch (filter) {
    case ResamplingFilter::linear: return {linear, 1};
    case ResamplingFilter::cubic: return {cubic, 2};
    case ResamplingFilter::lanczos: return {lanczos, 3};
  }
  return {cubic, 2};
}

}  // namespace

std::vector<ResamplingTap> resampling_taps(ResamplingFilter filter, int source, int resized, int offset, int count) {
  const Kernel kernel = kernel_of(filter);
  const double step = static_cast<double>(source) / resized;  // source samples per target sample
  const double stretch = std::max(step, 1.0);
  std::vector<ResamplingTap> taps;
  for (int i = 0; i < count; ++i) {
    const double centre = (offset + i + 0.5) * step;  // in units where source sample s covers [s, s + 1)
    const int first = std::max(0, static_cast<int>(std::floor(centre - kernel.radius * stretch)));
    const int last = std::min(source - 1, static_cast<int>(std::ceil(centre + kernel.radius * stretch)) - 1);
    ResamplingTap tap{first, {}};
    double sum = 0;
    for (int s = first; s <= last; ++s) {
      const double weight = kernel.value((s + 0.5 - centre) / stretch);
      tap.weights.push_back(static_cast<float>(weight));
      sum += weight;
    }
    for (float& weight : tap.weights) weight = static_cast<float>(weight / sum);
    taps.push_back(std::move(tap));
  }
  return taps;
}

Tensor resampled(const Tensor& x, int64_t height, int64_t width, ResamplingFilter filter) {
  const int64_t rows = x.dim(1), columns = x.dim(2), channels = x.dim(3);
  const auto across =
      resampling_taps(filter, static_cast<int>(columns), static_cast<int>(width), 0, static_cast<int>(width));
  const auto down =
      resampling_taps(filter, static_cast<int>(rows), static_cast<int>(height), 0, static_cast<int>(height));
  Tensor wide = Tensor::zeros({x.dim(0), rows, width, channels}),
         result = Tensor::zeros({x.dim(0), height, width, channels});
  parallel_for(x.dim(0) * rows, [&](int64_t row, int) {
    float* out = wide.f32() + row * width * channels;
    for (const ResamplingTap& tap : across) {
      const float* in = x.f32() + (row * columns + tap.first) * channels;
      for (const float weight : tap.weights)
        for (int64_t c = 0; c < channels; ++c) out[c] += weight * *in++;
      out += channels;
    }
  });
  const int64_t line = width * channels;
  parallel_for(x.dim(0) * height, [&](int64_t row, int) {
    const ResamplingTap& tap = down[static_cast<size_t>(row % height)];
    float* out = result.f32() + row * line;
    const float* in = wide.f32() + (row / height * rows + tap.first) * line;
    for (const float weight : tap.weights)
      for (int64_t i = 0; i < line; ++i) out[i] += weight * *in++;
  });
  return result;
}

Picture resampled(const Picture& picture, int width_px, int height_px, ResamplingFilter filter) {
  const int channels = picture.channels;
  Tensor values = Tensor::empty({1, picture.height_px, picture.width_px, channels});
  for (size_t i = 0; i < picture.pixels.size(); ++i) {
    const size_t alpha = i - i % static_cast<size_t>(channels) + 3;
    const bool weighed = channels == 4 && i != alpha;
    values.f32()[i] = weighed ? picture.pixels[i] * (picture.pixels[alpha] / 255.0f) : picture.pixels[i];
  }
  const Tensor resized = resampled(values, height_px, width_px, filter);
  Picture result{.width_px = width_px, .height_px = height_px, .channels = channels, .pixels = {}};
  result.pixels.resize(static_cast<size_t>(resized.numel()));
  for (size_t i = 0; i < result.pixels.size(); ++i) {
    const size_t alpha = i - i % static_cast<size_t>(channels) + 3;
    float value = resized.f32()[i];
    if (channels == 4 && i != alpha) value = resized.f32()[alpha] > 0 ? value * 255.0f / resized.f32()[alpha] : 0.0f;
    result.pixels[i] = static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 255.0f)));
  }
  return result;
}

}  // namespace easel
