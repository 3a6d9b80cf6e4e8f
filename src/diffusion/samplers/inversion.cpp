// DDIM inversion: a deterministic first-order run walked backwards, from a clean sample to the noise it came from.
#include "diffusion/samplers/samplers.h"
#include "diffusion/samplers/steps.h"

namespace easel {
namespace {

// The upper end of a step depends on the network's answer there, which a fixed point finds: one call a step loses a
// guided run, four bring it back as well as the autoencoder can show (docs/numerics.md).
constexpr int kCallsPerStep = 4;

}  // namespace

// The inverse of Song et al. 2020, arXiv:2010.02502, eq. 12: x_t is where DDIM's step leads to x_(t-1) from. Their own
// inversion takes the noise predicted for x_(t-1); here x_t = move(x_(t-1), eps(x_t)) is iterated from there, as in Pan
// et al. 2023, arXiv:2309.04907. Each planned step goes up, from < to, and the network is asked at the upper level.
Tensor sample_inversion(SamplerRun& run, Tensor x) {
  for (int i = run.begin(); i < run.num_steps(); ++i) {
    const auto& [at, from, to] = run.step(i);
    Prediction prediction;
    Tensor upper = x;
    for (int call = 0; call < kCallsPerStep; ++call) {
      prediction = run.predict(upper, at);
      upper = move_along(x, prediction.eps, from, to);
    }
    x = upper;
    run.finish_step(i, x, prediction.denoised);
  }
  return x;
}

}  // namespace easel
