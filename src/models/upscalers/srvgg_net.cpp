#include "models/upscalers/srvgg_net.h"

#include <cmath>

#include "easel/error.h"

namespace easel {
namespace {

using Tensors = std::map<std::string, Tensor>;

// The layers are body.0, body.1, …: convolutions, each but the last with the slopes of a PReLU behind it.
std::string layer(size_t index) { return "body." + std::to_string(index); }

size_t last_layer(const Tensors& tensors) {
  size_t count = 0;
  while (tensors.contains(layer(count) + ".weight")) ++count;
  return count - 1;
}

int64_t scale_of(const Tensors& tensors) {
  const Tensor& last = tensors.at(layer(last_layer(tensors)) + ".weight");
  const int64_t scale = last.rank() == 4 ? std::lround(std::sqrt(static_cast<double>(last.dim(0)) / 3)) : 0;
  if (scale < 1 || last.dim(0) != 3 * scale * scale)
    throw Error(ErrorCode::Unsupported, "[upscaler] a compact network whose last layer is " + last.shape().to_string());
  return scale;
}

// A matrix product with it multiplies each channel by its slope: no other operation has a factor for a channel.
Tensor diagonal(const Tensor& slopes) {
  const Tensor values = slopes.to_f32();
  const int64_t n = values.numel();
  Tensor matrix = Tensor::zeros({n, n});
  for (int64_t i = 0; i < n; ++i) matrix.f32()[i * n + i] = values.f32()[i];
  return matrix;
}

// x where it is positive, its channel's slope times x elsewhere.
Tensor prelu(const Tensor& x, const Tensor& slopes) {
  const Tensor positive = leaky_relu(x, 0), negative = weighted_sum({{1.0, x}, {-1.0, positive}});
  return linear(negative, slopes, {}, {.residual = positive});
}

}  // namespace

SrvggNet::SrvggNet(const Tensors& tensors, const std::string& name, BackendKind backend)
    : UpscalerNetwork("SRVGG", scale_of(tensors)) {
  CheckpointWeights weights(tensors, name, backend);
  const WeightScope scope(weights);
  for (size_t i = 0; i <= last_layer(tensors); i += 2) {
    convs_.push_back(conv_of(scope, tensors, layer(i)));
    if (i == last_layer(tensors)) break;
    const Tensor& slopes = tensors.at(layer(i + 1) + ".weight");
    if (slopes.rank() != 1 || slopes.dim(0) != convs_.back().weight.dim(0))
      throw Error(ErrorCode::Unsupported, "[upscaler] " + name + ": " + layer(i + 1) + " is no PReLU");
    slopes_.push_back(to_backend(diagonal(slopes), backend));
  }
}

Tensor SrvggNet::operator()(const Tensor& image) const {
  Tensor x = image;
  for (size_t i = 0; i < convs_.size(); ++i) {
    x = convs_[i](x);
    if (i < slopes_.size()) x = prelu(x, slopes_[i]);
  }
  const Tensor enlarged = upsample_nearest(image, image.dim(1) * scale(), image.dim(2) * scale());
  return add(pixel_shuffle(x, scale(), /*channels_first=*/true), enlarged);
}

}  // namespace easel
