#include "models/vae/patch_discriminator.h"

#include <iterator>

namespace easel {
namespace {

constexpr int64_t kWidths[] = {32, 64, 128};  // half of the paper's: its pictures have 256 pixels a side
constexpr int64_t kKernelSize = 4;

}  // namespace

// A kernel of 4 padded by 1 halves an even side at stride 2 and shortens it by one pixel at stride 1.
PatchDiscriminator::PatchDiscriminator(WeightSource& weights) {
  const WeightScope scope(weights);
  conv_in_ = Conv2d(scope / "conv_in", 3, kWidths[0], kKernelSize);
  conv_in_.options.stride = 2;
  conv_in_.options.activation = Activation::silu;
  for (size_t i = 1; i < std::size(kWidths); ++i) {
    const WeightScope block = scope / "blocks" / static_cast<int64_t>(i - 1);
    blocks_.push_back({.conv = Conv2d(block / "conv", kWidths[i - 1], kWidths[i], kKernelSize),
                       .norm = GroupNorm(block / "norm", kWidths[i], {.fuse_silu = true})});
    blocks_.back().conv.options.stride = 2;
  }
  conv_out_ = Conv2d(scope / "conv_out", kWidths[std::size(kWidths) - 1], 1, kKernelSize);
}

Tensor PatchDiscriminator::operator()(const Tensor& pictures) const {
  Tensor h = conv_in_(pictures);                                     // [N, H / 2, W / 2, 32]
  for (const Block& block : blocks_) h = block.norm(block.conv(h));  // at last [N, H / 8, W / 8, 128]
  return conv_out_(h);
}

}  // namespace easel
