#include "pipelines/editing/known_part.h"

#include "diffusion/noise_schedule.h"
#include "ops/ops.h"

namespace easel {
namespace {

// 1 where a latent is kept when this share of the run is done, else 0: [N, H, W, C].
Tensor kept_latents(const Tensor& changes, const Shape& shape, double done) {
  Tensor kept = Tensor::empty(shape);
  const int64_t cells = changes.numel(), channels = shape[3];
  float* value = kept.f32();
  for (int64_t n = 0; n < shape[0]; ++n)
    for (int64_t i = 0; i < cells; ++i) {
      const float change = changes.f32()[i];
      const float keep = change < 1 && change <= 1 - done ? 1.0f : 0.0f;
      for (int64_t c = 0; c < channels; ++c) *value++ = keep;
    }
  return kept;
}

}  // namespace

KnownPart::KnownPart(const Tensor& known, Tensor noise, Tensor changes)
    : known_(concat(std::vector<Tensor>(static_cast<size_t>(noise.dim(0)), known), 0)),
      noise_(std::move(noise)),
      changes_(std::move(changes)) {}

Tensor KnownPart::at(const NoiseLevel& level) const { return add_noise(known_, noise_, level); }

Tensor KnownPart::put_into(const Tensor& x, const NoiseLevel& level, double done) const {
  const Tensor kept = to_device(kept_latents(changes_, x.shape(), done), x.device());
  const Tensor original = to_device(at(level), x.device());
  return blended(x, original, kept);
}

Tensor blended(const Tensor& x, const Tensor& original, const Tensor& kept) {
  return add(x, multiply(kept, weighted_sum({{1.0, original}, {-1.0, x}})));
}

}  // namespace easel
