// Circular padding: what is rolled around the border before the networks is rolled after them.
#include "models/layers/tiling.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "models/unet/unet.h"
#include "models/vae/autoencoder_kl.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

Tensor random_tensor(const char* name, const Shape& shape) { return RandomWeights(3, DType::f32).get(name, shape); }

// x: [N, H, W, C], its axis rolled by `by`.
Tensor rolled(const Tensor& x, int axis, int64_t by) {
  return concat({slice(x, axis, by, x.dim(axis)), slice(x, axis, 0, by)}, axis);
}

constexpr TiledAxes kAxes[] = {{.x = true, .y = false}, {.x = false, .y = true}, {.x = true, .y = true}};

TEST(Tiling, TheDecoderTurnsWithItsLatents) {
  RandomWeights weights(7, DType::f32);
  const nlohmann::json config = {{"block_out_channels", {16, 32}}, {"norm_num_groups", 8}, {"latent_channels", 4}};
  const AutoencoderKL vae(AutoencoderConfig::from_json(config), weights);
  const Tensor latents = random_tensor("latents", {1, 6, 8, 4});
  for (const TiledAxes axes : kAxes) {
    const ScopedTiling tiling(axes);
    const Tensor image = vae.decode(latents);
    for (const int axis : {1, 2}) {
      const bool tiled = axis == 1 ? axes.y : axes.x;
      EXPECT_EQ(bool(tensors_near(vae.decode(rolled(latents, axis, 3)), rolled(image, axis, 6), 1e-4, 1e-4)), tiled)
          << axis;
    }
  }
}

TEST(Tiling, TheNetworkTurnsWithItsLatents) {
  RandomWeights weights(7, DType::f32);
  const nlohmann::json config = {{"sample_size", 8},
                                 {"block_out_channels", {16, 32}},
                                 {"norm_num_groups", 8},
                                 {"layers_per_block", 1},
                                 {"cross_attention_dim", 16},
                                 {"attention_head_dim", 4},
                                 {"down_block_types", {"CrossAttnDownBlock2D", "DownBlock2D"}},
                                 {"up_block_types", {"UpBlock2D", "CrossAttnUpBlock2D"}}};
  const UNet2DConditionModel unet(UNetConfig::from_json(config), weights);
  UNetInputs inputs;
  inputs.timesteps = {500};
  inputs.encoder_hidden_states = random_tensor("prompt", {1, 5, 16});
  const Tensor latents = random_tensor("latents", {1, 8, 8, 4});
  const auto predicted = [&](const Tensor& x) {
    inputs.sample = x;
    return unet(inputs);
  };
  const ScopedTiling tiling({.x = true, .y = true});
  EXPECT_TRUE(tensors_near(predicted(rolled(latents, 2, 2)), rolled(predicted(latents), 2, 2), 1e-4, 1e-4));
  EXPECT_TRUE(tensors_near(predicted(rolled(latents, 1, 4)), rolled(predicted(latents), 1, 4), 1e-4, 1e-4));
}

TEST(Tiling, EndsWithItsScope) {
  {
    const ScopedTiling outer({.x = true});
    {
      const ScopedTiling inner({.y = true});
      EXPECT_FALSE(current_tiling().x);
    }
    EXPECT_TRUE(current_tiling().x);
  }
  EXPECT_FALSE(current_tiling().x);
}

TEST(Tiling, ASideShorterThanThePaddingIsRefused) {
  const ScopedTiling tiling({.x = true});
  Conv2dOptions options{.padding = Padding::all(3)};
  EXPECT_THROW(padded_by_tiling(Tensor::zeros({1, 4, 2, 1}), options), Error);
}

}  // namespace
}  // namespace easel
