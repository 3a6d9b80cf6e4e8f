// guidance.h — combining predictions of differently conditioned networks into one.
#pragma once

#include <vector>

#include "tensor/tensor.h"

namespace easel {

struct BranchPrediction {
  Tensor prediction;           // [N, ...]
  double weight;               // in the sum
  bool unconditional = false;  // what the others are guided away from
  Tensor region{};             // factors of the weight, shape of the prediction; undefined: 1 everywhere
};

// Sum of weight * region * prediction over the branches. With two of them, weighted 1 - guidance_scale
// (unconditional) and guidance_scale, that is classifier-free guidance, Ho & Salimans 2022, arXiv:2207.12598, eq. 6
// with guidance_scale = 1 + w; with more prompts composition, Liu et al. 2022, arXiv:2206.01714, eq. 11.
//
// guidance_rescale pulls the standard deviation of the sum back to that of the conditional predictions' weighted mean,
// mixed with this weight (0: unchanged), which keeps zero-terminal-SNR pictures from being over-exposed: Lin et al.
// 2023, arXiv:2305.08891, eqs. 14-16; deviations are unbiased, per sample over all other dimensions. It has no effect
// where no branch is unconditional.
Tensor combine_predictions(const std::vector<BranchPrediction>& branches, double guidance_rescale);

}  // namespace easel
