#include "models/upscalers/upscaler_layers.h"

#include "easel/error.h"

namespace easel {

Tensor leaky_relu(const Tensor& x, double slope) {
  return weighted_sum({{(1 + slope) / 2, x}, {(1 - slope) / 2, absolute(x)}});
}

Tensor pixel_shuffle(const Tensor& x, int64_t s, bool channels_first) {
  const int64_t n = x.dim(0), h = x.dim(1), w = x.dim(2), c = x.dim(3) / (s * s);
  const Tensor apart = channels_first ? permute(reshape(x, {n, h, w, c, s, s}), {0, 1, 4, 2, 5, 3})
                                      : permute(reshape(x, {n, h, w, s, s, c}), {0, 1, 3, 2, 4, 5});
  return reshape(apart, {n, h * s, w * s, c});
}

Tensor pixel_unshuffle(const Tensor& x, int64_t s) {
  const int64_t n = x.dim(0), h = x.dim(1) / s, w = x.dim(2) / s, c = x.dim(3);
  return reshape(permute(reshape(x, {n, h, s, w, s, c}), {0, 1, 3, 5, 2, 4}), {n, h, w, c * s * s});
}

Tensor DenseBlock::operator()(const Tensor& x) const {
  Tensor maps = x;
  for (const Conv2d& conv : convs) maps = concat({maps, leaky_relu(conv(maps), slope)}, -1);
  return fusion(maps);
}

Conv2d conv_of(const WeightScope& scope, const std::map<std::string, Tensor>& tensors, const std::string& name) {
  const auto found = tensors.find(name + ".weight");
  if (found == tensors.end()) throw Error(ErrorCode::NotFound, "[upscaler] the file has no " + name + ".weight");
  const Tensor& weight = found->second;
  if (weight.rank() != 4 || weight.dim(2) != weight.dim(3))
    throw Error(ErrorCode::CorruptFile,
                "[upscaler] " + name + ".weight is no convolution: " + weight.shape().to_string());
  WeightScope here = scope;
  size_t begin = 0;
  for (size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', begin)) {
    here = here / name.substr(begin, dot - begin);
    begin = dot + 1;
  }
  return Conv2d(here / name.substr(begin), weight.dim(1), weight.dim(0), weight.dim(2));
}

}  // namespace easel
