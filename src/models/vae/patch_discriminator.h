// patch_discriminator.h — judges each patch of a picture: is it real or made by a network? Isola et al. 2017,
// arXiv:1611.07004, section 3.2.2 and appendix 6.1.2, with three changes: three widths suffice for patches of 46x46
// pixels, group norm works for any batch where batch norm would mix real and made pictures, and silu, which operations
// fuse, stands for the leaky rectifier.
#pragma once

#include <vector>

#include "models/layers/layers.h"

namespace easel {

class PatchDiscriminator {
 public:
  // Pixels of a side below which no patch fits.
  static constexpr int64_t kSmallestSide = 16;

  explicit PatchDiscriminator(WeightSource& weights);

  // pictures: [N, H, W, 3] in [-1, 1], H and W at least kSmallestSide. Returns logits, positive for real:
  // [N, H / 8 - 1, W / 8 - 1, 1].
  Tensor operator()(const Tensor& pictures) const;

 private:
  struct Block {
    Conv2d conv;  // halves H and W
    GroupNorm norm;
  };

  Conv2d conv_in_;  // halves H and W; not normalised, as in the paper
  std::vector<Block> blocks_;
  Conv2d conv_out_;
};

}  // namespace easel
