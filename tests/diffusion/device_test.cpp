// Samplers and guidance run where the latents lie: on the torch backend they do what they do on the host.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "diffusion/guidance.h"
#include "diffusion/sampler_registry.h"
#include "diffusion/sampling_plan.h"
#include "easel/error.h"
#include "ops/ops.h"
#include "ops/torch_plugin.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

class DiffusionOnTorch : public testing::Test {
 protected:
  void SetUp() override {
    try {
      load_torch_backend(kTorch);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::NotFound) throw;
      GTEST_SKIP() << error.what();
    }
  }

  static constexpr Device kTorch{.kind = DeviceKind::torch_cpu};
};

// A stand-in for a network that predicts noise, not linear in x, made of operations.
Tensor predicted_noise(const Tensor& x, const NoiseLevel& level) {
  const Tensor bounded = multiply(x, exponential(affine(absolute(x), -0.5, 0.0)));
  return affine(bounded, 0.8, level.timestep * 1e-4);
}

Tensor sampled_on(const Device& device, const SamplingPlan& plan) {
  TorchNoise noise(7);
  const Tensor start = weighted_sum({{plan.init_noise_sigma, noise.draw({2, 8, 8, 4})}});
  const auto network = [&](const Tensor& x, const NoiseLevel& level) {
    EXPECT_EQ(x.device(), device);
    return predicted_noise(x, level);
  };
  const auto callback = [&](StepInfo& info) {
    EXPECT_EQ(info.x.device(), device);
    EXPECT_EQ(info.denoised.device(), device);
  };
  return to_host(sample(plan, network, to_device(start, device), noise, callback));
}

void expect_same_on_torch(const SamplingPlan& plan) {
  EXPECT_TRUE(tensors_near(sampled_on({.kind = DeviceKind::torch_cpu}, plan), sampled_on({}, plan),
                           tolerance::kWholeSampling, tolerance::kWholeSampling))
      << plan.sampler_name;
}

TEST_F(DiffusionOnTorch, EverySamplerEndsWhereItEndsOnTheHost) {
  for (const SamplerInfo& sampler : samplers()) expect_same_on_torch(make_sampling_plan(sampler.name, "", 8, nullptr));
}

TEST_F(DiffusionOnTorch, ThresholdingDoesToo) {
  for (const Thresholding thresholding : {Thresholding::clip, Thresholding::dynamic, Thresholding::dynamic_floor}) {
    SamplingPlan plan = make_sampling_plan("ddim", "", 8, nullptr);
    plan.denoiser.thresholding = thresholding;
    plan.denoiser.clip_sample_range = 0.5;
    plan.denoiser.dynamic_thresholding_ratio = 0.8;
    plan.denoiser.sample_max_value = 1.5;
    expect_same_on_torch(plan);
  }
}

TEST_F(DiffusionOnTorch, GuidanceDoesToo) {
  TorchNoise noise(1);
  const Tensor u = noise.draw({2, 8, 8, 4}), c = noise.draw({2, 8, 8, 4});
  const auto guided = [](const Tensor& unconditional, const Tensor& conditional) {
    return combine_predictions({{.prediction = unconditional, .weight = 1.0 - 7.5, .unconditional = true},
                                {.prediction = conditional, .weight = 7.5}},
                               0.7);
  };
  EXPECT_TRUE(tensors_near(to_host(guided(to_device(u, kTorch), to_device(c, kTorch))), guided(u, c),
                           tolerance::kRounding * 10, tolerance::kRounding * 10));
}

TEST_F(DiffusionOnTorch, LatentsThatAreNotFiniteEndTheRun) {
  const SamplingPlan plan = make_sampling_plan("euler", "", 4, nullptr);
  const auto network = [](const Tensor& x, const NoiseLevel&) { return exponential(affine(x, 0, 1000)); };
  TorchNoise noise(1);
  EXPECT_THROW(sample(plan, network, to_device(noise.draw({1, 4, 4, 4}), kTorch), noise), Error);
}

}  // namespace
}  // namespace easel
