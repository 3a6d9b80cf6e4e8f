// The VAE decoder in horizontal bands.
//
// A feature map is a list of bands that together are the picture. A 3x3 convolution of one band needs one row more on
// each side, taken from its neighbours; a group norm needs the whole map's statistics, merged from the bands'. A stage
// frees the bands of its input as soon as no later band reaches back to them, so input and output are never in memory
// whole at once together with an intermediate. Tested against the decoder without bands in
// tests/models/autoencoder_kl_test.cpp.
#include <algorithm>
#include <cmath>
#include <functional>

#include "easel/error.h"
#include "models/vae/autoencoder_kl.h"

namespace easel {
namespace {

using Bands = std::vector<Tensor>;  // each [N, rows, W, C], from the top

Bands split(const Tensor& x, int64_t band_rows) {
  Bands bands;
  for (int64_t begin = 0; begin < x.dim(1); begin += band_rows)
    bands.push_back(slice(x, 1, begin, std::min(x.dim(1), begin + band_rows)));
  return bands;
}

// Band i with its neighbours' nearest row where there is one.
Tensor with_halo(const Bands& bands, size_t i) {
  std::vector<Tensor> parts;
  if (i > 0) parts.push_back(slice(bands[i - 1], 1, bands[i - 1].dim(1) - 1, bands[i - 1].dim(1)));
  parts.push_back(bands[i]);
  if (i + 1 < bands.size()) parts.push_back(slice(bands[i + 1], 1, 0, 1));
  return concat(parts, 1);
}

// Zero rows are padded only where the picture ends.
Conv2dOptions band_options(const Conv2d& conv, size_t i, size_t count) {
  Conv2dOptions options = conv.options;
  options.padding.top = i == 0 ? options.padding.top : 0;
  options.padding.bottom = i + 1 == count ? options.padding.bottom : 0;
  return options;
}

// Statistics of the whole map from those of its bands: count, mean and squared differences of unions;
// Chan, Golub & LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances", eq. 2.1.
Tensor merged_statistics(const Bands& bands, int64_t num_groups) {
  const BackendKind kind = bands[0].backend_kind();
  Tensor merged = to_host(group_norm_statistics(bands[0], num_groups)).clone();  // [N, G, 3]
  for (size_t i = 1; i < bands.size(); ++i) {
    const Tensor other = to_host(group_norm_statistics(bands[i], num_groups));
    for (int64_t g = 0; g < merged.numel() / 3; ++g) {
      float* a = merged.f32() + 3 * g;
      const float* b = other.f32() + 3 * g;
      const double count = static_cast<double>(a[0]) + b[0];
      const double delta = static_cast<double>(b[1]) - a[1];
      a[2] = static_cast<float>(a[2] + b[2] + delta * delta * a[0] * b[0] / count);
      a[1] = static_cast<float>(a[1] + delta * b[0] / count);
      a[0] = static_cast<float>(count);
    }
  }
  return to_backend(merged, kind);
}

Bands upsample_in_bands(const Upsample2D& upsampler, Bands x) {
  Bands y;
  for (size_t i = 0; i < x.size(); ++i) {
    // One source row of halo becomes two; the convolution reaches only one of them.
    Tensor band = with_halo(x, i);
    band = upsample_nearest(band, 2 * band.dim(1), 2 * band.dim(2));
    const int64_t skip_top = i == 0 ? 0 : 1;
    const int64_t skip_bottom = i + 1 == x.size() ? 0 : 1;
    band = slice(band, 1, skip_top, band.dim(1) - skip_bottom);
    y.push_back(upsampler.conv(band, band_options(upsampler.conv, i, x.size())));
    if (i > 0) x[i - 1] = {};
  }
  return y;
}

// convolution(group_norm(x)) with the whole map's statistics. finish(i, options) adds band i's residual and may free
// it.
Bands norm_and_convolve(const GroupNorm& norm, const Conv2d& conv, const Bands& x,
                        const std::function<void(size_t, Conv2dOptions&)>& finish) {
  const Tensor statistics = merged_statistics(x, norm.options.num_groups);
  Bands y;
  for (size_t i = 0; i < x.size(); ++i) {
    const Tensor normed = group_norm_apply(with_halo(x, i), statistics, norm.weight, norm.bias, norm.options);
    Conv2dOptions options = band_options(conv, i, x.size());
    finish(i, options);
    y.push_back(conv(normed, options));
  }
  return y;
}

Bands resnet_in_bands(const ResnetBlock2D& block, Bands x) {
  const Bands h = norm_and_convolve(block.norm1, block.conv1, x, [](size_t, Conv2dOptions&) {});
  return norm_and_convolve(block.norm2, block.conv2, h, [&](size_t i, Conv2dOptions& options) {
    options.residual = block.shortcut(x[i]);
    x[i] = {};
  });
}

}  // namespace

Tensor VaeDecoder::decode_in_bands(const Tensor& latents, int64_t band_rows) const {
  if (band_rows < 1)
    throw Error(ErrorCode::InvalidArgument, "[vae] band_rows = " + std::to_string(band_rows) + "; must be >= 1");
  Tensor middle = mid_block(conv_in(latents));
  // Bands keep their number, so each doubles its rows with every upsampler.
  const int64_t first_rows = std::max<int64_t>(1, band_rows >> (up_blocks.size() - 1));
  Bands x = split(middle, first_rows);
  middle = {};
  for (const UpBlock& block : up_blocks) {
    for (const ResnetBlock2D& layer : block.resnets) x = resnet_in_bands(layer, std::move(x));
    if (block.upsampler.defined()) x = upsample_in_bands(block.upsampler, std::move(x));
  }
  return concat(norm_and_convolve(conv_norm_out, conv_out, x, [](size_t, Conv2dOptions&) {}), 1);
}

}  // namespace easel
