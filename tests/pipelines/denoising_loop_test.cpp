// What conditions the network reaches it: each field of Conditioning against the same thing said another way.
#include "pipelines/denoising_loop.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "model_tools/network_shapes.h"
#include "ops/ops.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

constexpr int kSteps = 3;

UNet2DConditionModel tiny_unet(const nlohmann::json& changes = nlohmann::json::object()) {
  nlohmann::json config = network_shape("tiny").unet;
  config.update(changes);
  RandomWeights weights(5);
  return UNet2DConditionModel(UNetConfig::from_json(config), weights);
}

Tensor random_tensor(const char* name, const Shape& shape) {
  RandomWeights values(9, DType::f32);
  return values.get(name, shape);
}

PromptEmbeddings prompt(const char* name) {
  return {.encoder_hidden_states = random_tensor(name, {1, 77, 64}), .text_embeds = {}};
}

Conditioning of_branches(std::vector<Branch> branches) { return {.branches = std::move(branches), .time_ids = {}}; }

// Two pictures of 8x8 latents.
Tensor denoised(const UNet2DConditionModel& unet, const Conditioning& conditioning) {
  const SamplingPlan plan = make_sampling_plan("euler", "automatic", kSteps, nullptr);
  const std::unique_ptr<NoiseSource> noise = make_latent_noise(NoiseKind::torch, std::vector<uint64_t>{1, 2});
  const Tensor start = weighted_sum({{plan.init_noise_sigma, random_tensor("latents", {2, 8, 8, 4})}});
  return denoise(unet, conditioning, plan, start, *noise, {});
}

TEST(DenoisingLoop, ThirdBranchOfNoWeightChangesNothing) {
  const UNet2DConditionModel unet = tiny_unet();
  std::vector<Branch> branches = guided_branches(prompt("cat"), prompt("fog"), 5.0);
  const Tensor two = denoised(unet, of_branches(branches));
  const auto dog = std::make_shared<PromptEmbeddings>(prompt("dog"));
  branches.push_back({.embeddings_at = [dog](int) -> const PromptEmbeddings& { return *dog; }, .weight = 0.0});
  EXPECT_TRUE(tensors_near(denoised(unet, of_branches(branches)), two, 1e-5, 1e-5));
  branches.back().weight = 1.0;
  EXPECT_FALSE(tensors_near(denoised(unet, of_branches(branches)), two, 1e-2, 1e-2));
}

TEST(DenoisingLoop, RegionsThatCoverTheLatentsMakeOnePromptOfTwoHalves) {
  const UNet2DConditionModel unet = tiny_unet();
  const Tensor whole = denoised(unet, of_branches(guided_branches(prompt("cat"), prompt("fog"), 5.0)));
  std::vector<Branch> branches = guided_branches(prompt("cat"), prompt("fog"), 5.0);
  branches.push_back(branches.back());
  for (const int half : {0, 1}) {
    Tensor region = Tensor::zeros({8, 8});
    for (int64_t i = 0; i < 32; ++i) region.f32()[32 * half + i] = 1.0f;
    branches[static_cast<size_t>(1 + half)].region = region;
  }
  EXPECT_TRUE(tensors_near(denoised(unet, of_branches(branches)), whole, 1e-5, 1e-5));
}

TEST(DenoisingLoop, EmbeddingsMayChangeWithTheStep) {
  const UNet2DConditionModel unet = tiny_unet();
  const PromptEmbeddings cat = prompt("cat"), dog = prompt("dog");
  std::vector<int> asked;
  const auto changing = [&](int first_dog) {
    return of_branches({{.embeddings_at = [&, first_dog](int step) -> const PromptEmbeddings& {
      asked.push_back(step);
      return step < first_dog ? cat : dog;
    }}});
  };
  const Tensor only_cat = denoised(unet, changing(kSteps)), only_dog = denoised(unet, changing(0));
  asked.clear();
  const Tensor both = denoised(unet, changing(1));
  EXPECT_EQ(asked, (std::vector<int>{0, 0, 1, 2}));
  EXPECT_FALSE(tensors_near(both, only_cat, 1e-5, 1e-5));
  EXPECT_FALSE(tensors_near(both, only_dog, 1e-5, 1e-5));
  EXPECT_TRUE(tensors_identical(only_cat, denoised(unet, of_branches(guided_branches(cat, {}, 1.0)))));
}

TEST(DenoisingLoop, ImageTokensStandBehindThePrompt) {
  const UNet2DConditionModel unet = tiny_unet();
  const Tensor tokens = random_tensor("tokens", {1, 4, 64});
  Conditioning apart = of_branches(guided_branches(prompt("cat"), {}, 1.0));
  apart.image_tokens = tokens;
  PromptEmbeddings joined = prompt("cat");
  joined.encoder_hidden_states = concat({joined.encoder_hidden_states, tokens}, 1);
  EXPECT_TRUE(tensors_identical(denoised(unet, apart), denoised(unet, of_branches(guided_branches(joined, {}, 1.0)))));
}

TEST(DenoisingLoop, ExtraChannelsAndClassLabelsReachTheNetwork) {
  const UNet2DConditionModel unet =
      tiny_unet({{"in_channels", 6}, {"class_embed_type", nullptr}, {"num_class_embeds", 3}});
  Conditioning conditioning = of_branches(guided_branches(prompt("cat"), prompt("fog"), 5.0));
  conditioning.class_labels = Tensor::from({1}, std::vector<int32_t>{1});
  conditioning.extra_channels = random_tensor("mask", {1, 8, 8, 2});
  const Tensor made = denoised(unet, conditioning);
  conditioning.extra_channels = random_tensor("other mask", {1, 8, 8, 2});
  EXPECT_FALSE(tensors_near(denoised(unet, conditioning), made, 1e-4, 1e-4));
  conditioning.extra_channels = random_tensor("mask", {1, 8, 8, 2});
  conditioning.class_labels = Tensor::from({1}, std::vector<int32_t>{2});
  EXPECT_FALSE(tensors_near(denoised(unet, conditioning), made, 1e-4, 1e-4));
}

TEST(DenoisingLoop, ResidualsOfAllSourcesAreAdded) {
  const UNet2DConditionModel unet = tiny_unet();
  RandomWeights weights(5);
  const UNetEncoderHalf half(UNetConfig::from_json(network_shape("tiny").unet), WeightScope(weights));
  std::vector<int> steps;
  const auto times = [&](double factor) -> ResidualSource {
    return [&, factor](const UNetInputs& inputs, int step) {
      steps.push_back(step);
      const UNetEncoded encoded = half(inputs);
      UNetResiduals residuals{.down = {}, .mid = weighted_sum({{factor, encoded.hidden}})};
      for (const Tensor& skip : encoded.skips) residuals.down.push_back(weighted_sum({{factor, skip}}));
      return residuals;
    };
  };
  Conditioning conditioning = of_branches(guided_branches(prompt("cat"), prompt("fog"), 5.0));
  const Tensor without = denoised(unet, conditioning);
  conditioning.residual_sources = {times(0.5), times(-0.5)};
  EXPECT_TRUE(tensors_near(denoised(unet, conditioning), without, 1e-5, 1e-5));
  EXPECT_EQ(steps, (std::vector<int>{0, 0, 1, 1, 2, 2}));
  conditioning.residual_sources = {times(0.5)};
  EXPECT_FALSE(tensors_near(denoised(unet, conditioning), without, 1e-2, 1e-2));
}

}  // namespace
}  // namespace easel
