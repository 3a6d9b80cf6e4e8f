#include "models/vae/autoencoder_kl.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

AutoencoderKL small_vae() {
  RandomWeights weights(7, DType::f32);
  const nlohmann::json config = {
      {"block_out_channels", {16, 32, 32}}, {"layers_per_block", 2}, {"norm_num_groups", 8}, {"latent_channels", 4}};
  return AutoencoderKL(AutoencoderConfig::from_json(config), weights);
}

Tensor random_latents(const Shape& shape) { return RandomWeights(3, DType::f32).get("latents", shape); }

class BandedDecode : public testing::TestWithParam<int64_t> {};

// Bands of every height, also ones that do not divide the picture, give the picture that is decoded at once.
TEST_P(BandedDecode, EqualsDecodingAtOnce) {
  const AutoencoderKL vae = small_vae();
  const Tensor latents = random_latents({2, 13, 6, 4});
  EXPECT_TRUE(tensors_near(vae.decode(latents, GetParam()), vae.decode(latents), tolerance::kBandedDecodeRelative,
                           tolerance::kBandedDecodeAbsolute));
}

INSTANTIATE_TEST_SUITE_P(BandRows, BandedDecode, testing::Values(1, 4, 8, 12, 20, 52, 1000));

TEST(AutoencoderKL, DecodesToTheExpectedSizeAndEncodesBack) {
  const AutoencoderKL vae = small_vae();
  const Tensor image = vae.decode(random_latents({1, 5, 7, 4}));
  EXPECT_EQ(image.shape(), (Shape{1, 20, 28, 3}));
  EXPECT_EQ(vae.encode(image).mean.shape(), (Shape{1, 5, 7, 4}));
}

TEST(AutoencoderKL, RefusesNegativeBandRows) {
  EXPECT_THROW(small_vae().decode(random_latents({1, 4, 4, 4}), -3), Error);
}

TEST(LatentDistribution, SampleAddsScaledNoise) {
  LatentDistribution distribution{
      .moments = {}, .mean = Tensor::full({1, 1, 1, 2}, 3.0f), .logvar = Tensor::full({1, 1, 1, 2}, 0.0f)};
  const Tensor sample = distribution.sample(Tensor::from({1, 1, 1, 2}, std::vector<float>{1.0f, -2.0f}));
  EXPECT_EQ(sample.to_vector(), (std::vector<float>{4.0f, 1.0f}));
  EXPECT_THROW(distribution.sample(Tensor::zeros({1, 1, 2, 2})), Error);
}

}  // namespace
}  // namespace easel
