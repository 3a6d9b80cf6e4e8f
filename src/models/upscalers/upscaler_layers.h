// upscaler_layers.h — what networks that enlarge pictures are made of.
#pragma once

#include <vector>

#include "models/layers/layers.h"

namespace easel {

// max(x, slope x), for slopes of 0..1.
Tensor leaky_relu(const Tensor& x, double slope);

// [N, H, W, C s^2] to [N, s H, s W, C]. channels_first: the order of PyTorch's pixel_shuffle, in which the s^2 pixels
// of a channel follow each other; otherwise TensorFlow's depth_to_space, in which the channels of a pixel do.
Tensor pixel_shuffle(const Tensor& x, int64_t s, bool channels_first);
// The reverse of PyTorch's: [N, s H, s W, C] to [N, H, W, C s^2].
Tensor pixel_unshuffle(const Tensor& x, int64_t s);

// y = fuse(x, c_1(x), c_2(x, c_1), …): each convolution sees all maps before it (Huang et al. 2017, arXiv:1608.06993).
struct DenseBlock {
  std::vector<Conv2d> convs;
  Conv2d fusion;
  double slope = 0;  // of the leaky ReLU behind each of convs

  Tensor operator()(const Tensor& x) const;
};

// A 2D convolution whose sizes are those of its weight: "NAME.weight" and "NAME.bias". Throws as WeightScope::get.
Conv2d conv_of(const WeightScope& scope, const std::map<std::string, Tensor>& tensors, const std::string& name);

}  // namespace easel
