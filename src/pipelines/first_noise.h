// first_noise.h — the noise that a run starts from: that of the seed, or a mixture with a variation's.
#pragma once

#include "diffusion/noise_source.h"
#include "request/generation_request.h"
#include "tensor/tensor.h"

namespace easel {

// [N, H, W, C] of standard normal numbers. noise: the run's own streams, whose first draw it takes. With a variation
// strength s the part sin((1-s)w)/sin w of the seed's noise and sin(sw)/sin w of the variation seed's, w the angle
// between them (Shoemake 1985, doi:10.1145/325334.325242), taken for each column of each channel as the webui does.
// With a size to resize from, that size's noise in the middle. latent_px: pixels of a latent.
Tensor first_noise(const GenerationRequest& request, NoiseSource& noise, const Shape& shape, int64_t latent_px);

// The seeds of a batch's pictures, and those of its variations: with a variation the seed stays, and the variation's
// counts up.
int64_t seed_of_picture(const GenerationParameters& parameters, int64_t picture);
int64_t variation_seed_of_picture(const GenerationParameters& parameters, int64_t picture);

// a and b mixed along the arc between them: a at 0, b at 1; along a straight line where they all but agree. Equal
// shapes [N, H, W, C], on the host.
Tensor spherical_mixture(const Tensor& a, const Tensor& b, double share);

}  // namespace easel
