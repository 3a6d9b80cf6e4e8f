#include "pipelines/first_noise.h"

#include <algorithm>
#include <cmath>

#include "ops/ops.h"

namespace easel {
namespace {

constexpr double kParallel = 0.9995;  // mean cosine above which the arc is a line

// A draw for each picture from the start of the stream of its seed.
Tensor noise_of_seeds(const GenerationParameters& parameters, const Shape& shape, bool variation) {
  std::vector<uint64_t> seeds;
  for (int64_t i = 0; i < shape[0]; ++i)
    seeds.push_back(
        static_cast<uint64_t>(variation ? variation_seed_of_picture(parameters, i) : seed_of_picture(parameters, i)));
  return make_latent_noise(parse_noise_kind(parameters.rng), seeds)->draw(shape);
}

// `inner` in the middle of `outer`, cut where it is larger.
Tensor pasted_in_the_middle(Tensor outer, const Tensor& inner) {
  const Shape &to = outer.shape(), &from = inner.shape();
  const int64_t down = (to[1] - from[1]) / 2, across = (to[2] - from[2]) / 2;
  for (int64_t n = 0; n < to[0]; ++n)
    for (int64_t y = 0; y < from[1]; ++y)
      for (int64_t x = 0; x < from[2]; ++x) {
        if (y + down < 0 || y + down >= to[1] || x + across < 0 || x + across >= to[2]) continue;
        std::copy_n(inner.f32() + ((n * from[1] + y) * from[2] + x) * to[3], to[3],
                    outer.f32() + ((n * to[1] + y + down) * to[2] + x + across) * to[3]);
      }
  return outer;
}

// Of one column of one channel: elements `stride` apart.
struct Column {
  double a_norm = 0, b_norm = 0, dot = 0;

  Column(const float* a, const float* b, int64_t count, int64_t stride) {
    for (int64_t i = 0; i < count * stride; i += stride) {
      a_norm += double{a[i]} * a[i];
      b_norm += double{b[i]} * b[i];
      dot += double{a[i]} * b[i];
    }
  }
  double cosine() const { return std::clamp(dot / std::sqrt(a_norm * b_norm), -1.0, 1.0); }
};

}  // namespace

int64_t seed_of_picture(const GenerationParameters& parameters, int64_t picture) {
  return parameters.seed + (parameters.variation_strength == 0 ? picture : 0);
}

int64_t variation_seed_of_picture(const GenerationParameters& parameters, int64_t picture) {
  return parameters.variation_seed + picture;
}

Tensor spherical_mixture(const Tensor& a, const Tensor& b, double share) {
  Tensor mixed = Tensor::empty(a.shape());
  const int64_t height = a.dim(1), line = a.dim(2) * a.dim(3);
  for (int64_t n = 0; n < a.dim(0); ++n) {
    const float *of_a = a.f32() + n * height * line, *of_b = b.f32() + n * height * line;
    float* out = mixed.f32() + n * height * line;
    double mean_cosine = 0;
    for (int64_t c = 0; c < line; ++c) mean_cosine += Column(of_a + c, of_b + c, height, line).cosine();
    const bool parallel = mean_cosine / static_cast<double>(line) > kParallel;
    for (int64_t c = 0; c < line; ++c) {
      const double angle = std::acos(Column(of_a + c, of_b + c, height, line).cosine());
      const bool straight = parallel || std::sin(angle) == 0;
      const double from_a = straight ? 1 - share : std::sin((1 - share) * angle) / std::sin(angle);
      const double from_b = straight ? share : std::sin(share * angle) / std::sin(angle);
      for (int64_t i = c; i < height * line; i += line)
        out[i] = static_cast<float>(from_a * of_a[i] + from_b * of_b[i]);
    }
  }
  return mixed;
}

Tensor first_noise(const GenerationRequest& request, NoiseSource& noise, const Shape& shape, int64_t latent_px) {
  const GenerationParameters& parameters = request.parameters;
  const Tensor own = noise.draw(shape);
  const bool resized = parameters.seed_resize_width > 0 && parameters.seed_resize_height > 0;
  const Shape drawn = resized ? Shape{shape[0], std::max<int64_t>(1, parameters.seed_resize_height / latent_px),
                                      std::max<int64_t>(1, parameters.seed_resize_width / latent_px), shape[3]}
                              : shape;
  Tensor first = drawn == shape ? own : noise_of_seeds(parameters, drawn, /*variation=*/false);
  if (parameters.variation_strength > 0)
    first =
        spherical_mixture(first, noise_of_seeds(parameters, drawn, /*variation=*/true), parameters.variation_strength);
  return drawn == shape ? first : pasted_in_the_middle(own, first);
}

}  // namespace easel
