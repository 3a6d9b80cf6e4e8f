// guidance.h — steering a prediction towards the prompt.
#pragma once

#include "tensor/tensor.h"

namespace easel {

// Classifier-free guidance: unconditional + guidance_scale * (conditional - unconditional).
// Ho & Salimans 2022, arXiv:2207.12598, eq. 6 with guidance_scale = 1 + w. Equal shapes.
Tensor apply_guidance(const Tensor& unconditional, const Tensor& conditional, double guidance_scale);

// Pulls the standard deviation of a guided prediction back to that of the conditional one, mixed with weight
// guidance_rescale (0: unchanged): keeps zero-terminal-SNR pictures from being over-exposed. Lin et al. 2023,
// arXiv:2305.08891, eqs. 14-16. [N, ...]; deviations are unbiased, per sample over all other dimensions.
Tensor rescale_guidance(const Tensor& guided, const Tensor& conditional, double guidance_rescale);

}  // namespace easel
