#include "diffusion/noise_source.h"

#include <gtest/gtest.h>

#include "easel/error.h"
#include "tensor/cancellation_scope.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

TEST(PhiloxNoise, StartsAsTheWebuiDoesForSeedZero) {
  const Tensor noise = PhiloxNoise(0).draw({4});
  const float expected[] = {-0.92466259f, -0.42534415f, -2.6438457f, 0.14518388f};
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(noise.span()[i], expected[i], 1e-6);
}

TEST(TorchNoise, UsesTheLowHalfOfTheSeed) {
  EXPECT_TRUE(tensors_identical(TorchNoise(5).draw({40}), TorchNoise((1ULL << 32) + 5).draw({40})));
  EXPECT_FALSE(tensors_identical(TorchNoise(5).draw({40}), TorchNoise(6).draw({40})));
}

TEST(TorchNoise, KeepsTheSecondNormalOfAPairBetweenCalls) {
  TorchNoise whole(1), parts(1);
  const Tensor two = whole.draw({2}), first = parts.draw({1}), second = parts.draw({1});
  EXPECT_EQ(two.span()[0], first.span()[0]);
  EXPECT_EQ(two.span()[1], second.span()[0]);
}

TEST(ChannelsLastNoise, HoldsTheValuesOfTheChannelsFirstDraw) {
  const uint64_t seed = 42;
  const Tensor nhwc = make_latent_noise(NoiseKind::torch, {&seed, 1})->draw({2, 3, 5, 4});
  const Tensor nchw = TorchNoise(seed).draw({2, 4, 3, 5});
  EXPECT_TRUE(tensors_identical(nhwc_to_nchw(nhwc), nchw));
}

TEST(PerImageNoise, GivesEachImageTheNoiseOfItsOwnSeed) {
  const uint64_t seeds[] = {7, 8};
  const auto noise = make_latent_noise(NoiseKind::philox, seeds);
  noise->draw({2, 4, 4, 4});
  const Tensor batch = noise->draw({2, 4, 4, 4});  // the second call: every stream goes on
  for (int64_t n = 0; n < 2; ++n) {
    const auto alone = make_latent_noise(NoiseKind::philox, {&seeds[n], 1});
    alone->draw({1, 4, 4, 4});
    EXPECT_TRUE(tensors_identical(batch.rows(n, n + 1), alone->draw({1, 4, 4, 4})));
  }
  EXPECT_THROW(noise->draw({3, 4, 4, 4}), Error);
}

TEST(ReplayNoise, FailsWhenDrawsRunOutOrDiffer) {
  ReplayNoise noise({Tensor::zeros({3})});
  EXPECT_THROW(noise.draw({4}), Error);
  EXPECT_THROW(noise.draw({3}), Error);
}

TEST(NoiseSource, DrawsStopWhereTheyAreCancelled) {
  const CancellationToken token;
  const ScopedCancellation scope(token);
  token.request();
  EXPECT_THROW(TorchNoise(1).draw({4}), Error);
  EXPECT_THROW(TorchNoise(1).draw({40}), Error);
  EXPECT_THROW(PhiloxNoise(1).draw({40}), Error);
}

TEST(NoiseKind, IsNamedAsInTheWebui) {
  EXPECT_EQ(parse_noise_kind("cpu"), NoiseKind::torch);
  EXPECT_EQ(parse_noise_kind("nv"), NoiseKind::philox);
  EXPECT_THROW(parse_noise_kind("dice"), Error);
}

}  // namespace
}  // namespace easel
