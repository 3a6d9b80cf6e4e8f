#include "pipelines/first_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/ops.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

const Shape kShape{2, 6, 4, 4};

GenerationRequest request_of(GenerationParameters parameters) {
  parameters.num_images = kShape[0];
  return {.parameters = std::move(parameters), .prompts = {}};
}

std::unique_ptr<NoiseSource> stream(const GenerationRequest& request) {
  std::vector<uint64_t> seeds;
  for (int64_t i = 0; i < kShape[0]; ++i)
    seeds.push_back(static_cast<uint64_t>(seed_of_picture(request.parameters, i)));
  return make_latent_noise(NoiseKind::torch, seeds);
}

Tensor first_of(const GenerationParameters& parameters) {
  const GenerationRequest request = request_of(parameters);
  return first_noise(request, *stream(request), kShape, 8);
}

GenerationParameters seeded(int64_t seed, double strength = 0, int64_t variation_seed = -1) {
  GenerationParameters parameters;
  parameters.seed = seed;
  parameters.variation_strength = strength;
  parameters.variation_seed = variation_seed;
  return parameters;
}

TEST(FirstNoise, IsTheStreamsWithoutAVariation) {
  const GenerationRequest request = request_of(seeded(3));
  EXPECT_TRUE(tensors_identical(first_of(request.parameters), stream(request)->draw(kShape)));
}

TEST(FirstNoise, AWholeVariationIsTheOtherSeedsNoise) {
  const Tensor other = first_of(seeded(9));
  EXPECT_TRUE(tensors_near(first_of(seeded(3, 1, 9)), other, 1e-6, 1e-6));
}

TEST(FirstNoise, PicturesOfAVariationShareTheSeed) {
  const GenerationParameters parameters = seeded(3, 0.001, 9);
  const Tensor both = first_of(parameters);
  EXPECT_TRUE(tensors_near(both.rows(0, 1), both.rows(1, 2), 0.05, 0.02));
  EXPECT_FALSE(tensors_identical(both.rows(0, 1), both.rows(1, 2)));
  EXPECT_EQ(seed_of_picture(parameters, 1), 3);
  EXPECT_EQ(variation_seed_of_picture(parameters, 1), 10);
}

TEST(FirstNoise, AMixtureKeepsTheLength) {
  // Columns at a right angle: halfway between them each weighs sin 45° / sin 90°.
  const Tensor a = Tensor::from({1, 2, 1, 1}, std::vector<float>{1, 0}),
               b = Tensor::from({1, 2, 1, 1}, std::vector<float>{0, 1});
  const Tensor mixed = spherical_mixture(a, b, 0.5);
  EXPECT_NEAR(mixed.f32()[0], std::sqrt(0.5), 1e-6);
  EXPECT_NEAR(mixed.f32()[1], std::sqrt(0.5), 1e-6);
  EXPECT_TRUE(tensors_near(spherical_mixture(a, a, 0.3), a, 1e-6, 1e-6));
}

TEST(FirstNoise, ANoiseOfAnotherSizeLiesInTheMiddle) {
  const Tensor small = make_latent_noise(NoiseKind::torch, std::vector<uint64_t>{3, 4})->draw({2, 4, 2, 4});
  GenerationParameters parameters = seeded(3);
  parameters.seed_resize_width = 16;
  parameters.seed_resize_height = 32;
  const Tensor first = first_of(parameters);
  EXPECT_TRUE(tensors_identical(slice(slice(first, 1, 1, 5), 2, 1, 3), small));
  const GenerationRequest request = request_of(seeded(3));
  EXPECT_TRUE(tensors_identical(slice(first, 1, 0, 1), slice(stream(request)->draw(kShape), 1, 0, 1)));
}

}  // namespace
}  // namespace easel
