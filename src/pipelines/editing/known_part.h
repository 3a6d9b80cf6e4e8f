// known_part.h — the latents that an edit leaves as they were, while the loop changes the others.
#pragma once

#include "diffusion/noise_level.h"
#include "tensor/tensor.h"

namespace easel {

// Differential diffusion (Levin & Fried 2023, arXiv:2306.00950): what changes by c is let go for the last c of the run.
// With 0 and 1 alone this is the usual blending of latents (Avrahami et al. 2022, arXiv:2206.02779).
class KnownPart {
 public:
  // known: [1, H, W, C], clean; noise: [N, H, W, C]; changes: [1, H, W, 1] of 0..1. On the host.
  KnownPart(const Tensor& known, Tensor noise, Tensor changes);

  // x, anywhere, with the known latents at `level` where they are kept still; done: share of the run, 0..1.
  Tensor put_into(const Tensor& x, const NoiseLevel& level, double done) const;
  // All of it, noised to `level`: [N, H, W, C] on the host.
  Tensor at(const NoiseLevel& level) const;

 private:
  Tensor known_, noise_, changes_;
};

// x with `original` where `kept` is 1, both mixed between. Equal shapes, on one device.
Tensor blended(const Tensor& x, const Tensor& original, const Tensor& kept);

}  // namespace easel
