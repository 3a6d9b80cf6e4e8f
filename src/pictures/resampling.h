// resampling.h — pictures in another size.
#pragma once

#include <vector>

#include "easel/picture.h"
#include "tensor/tensor.h"

namespace easel {

// linear: triangle. cubic: Keys 1981, "Cubic convolution interpolation for digital image processing", eq. 15 (a =
// -1/2), what Pillow calls bicubic. lanczos: Lanczos 1938 windowed sinc of three lobes. All are widened by the scale
// where they shrink, so that nothing aliases.
enum class ResamplingFilter { linear, cubic, lanczos };

// The source samples that one target sample is made of.
struct ResamplingTap {
  int first;
  std::vector<float> weights;  // sum 1
};

// Taps for target samples 0..count-1, which are samples offset.. of a line of `source` samples resized to `resized`.
std::vector<ResamplingTap> resampling_taps(ResamplingFilter filter, int source, int resized, int offset, int count);

// x: [N, H, W, C] on the host. Returns [N, height, width, C]; nothing is clamped.
Tensor resampled(const Tensor& x, int64_t height, int64_t width, ResamplingFilter filter);

// Colours weigh by their opacity. REQUIRES: sizes of at least 1.
Picture resampled(const Picture& picture, int width_px, int height_px, ResamplingFilter filter);

}  // namespace easel
