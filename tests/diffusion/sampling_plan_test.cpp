#include "diffusion/sampling_plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "diffusion/gaussian_data.h"
#include "diffusion/sampler_registry.h"
#include "diffusion/scheduler_config.h"
#include "easel/error.h"
#include "ops/ops.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

const Shape kShape = {1, 4, 4, 4};

Tensor run(const SamplingPlan& plan, uint64_t seed = 1) {
  TorchNoise noise(seed);
  const Tensor start = weighted_sum({{plan.init_noise_sigma, noise.draw(kShape)}});
  return sample(plan, GaussianData().network(), start, noise);
}

// Far from exact with 6 steps, but near the data: no sampler may blow up with any schedule.
TEST(SamplingPlan, EverySamplerRunsWithEverySchedule) {
  for (const SamplerInfo& sampler : samplers()) {
    for (const SigmaScheduleInfo& schedule : sigma_schedules()) {
      const Tensor x = run(make_sampling_plan(sampler.name, schedule.name, 6, nullptr));
      for (float value : x.span()) ASSERT_LT(std::fabs(value), 15.0f) << sampler.name << " with " << schedule.name;
    }
  }
}

TEST(SamplingPlan, EverySamplerRunsWithItsDefaultScheduleAndEveryNumberOfSteps) {
  for (const SamplerInfo& sampler : samplers())
    for (int n : {1, 2, 3, 4, 5, 12}) {
      const Tensor x = run(make_sampling_plan(sampler.name, "automatic", n, nullptr));
      for (float value : x.span()) ASSERT_TRUE(std::isfinite(value)) << sampler.name << " in " << n;
    }
}

TEST(SamplingPlan, SameSeedGivesTheSameBits) {
  for (const SamplerInfo& sampler : samplers()) {
    const SamplingPlan plan = make_sampling_plan(sampler.name, "", 5, nullptr);
    EXPECT_TRUE(tensors_identical(run(plan, 9), run(plan, 9))) << sampler.name;
    if (sampler.stochastic) {
      EXPECT_FALSE(tensors_identical(run(plan, 9), run(plan, 10))) << sampler.name;
    }
  }
}

TEST(SamplingPlan, DeterministicSamplersTakeNoNoise) {
  for (const SamplerInfo& sampler : samplers()) {
    if (sampler.stochastic) continue;
    const SamplingPlan plan = make_sampling_plan(sampler.name, "karras", 5, nullptr);
    ReplayNoise no_noise({});
    const Tensor x = Tensor::full(kShape, static_cast<float>(plan.init_noise_sigma));
    EXPECT_NO_THROW(sample(plan, GaussianData().network(), x, no_noise)) << sampler.name;
  }
}

TEST(SamplingPlan, CallsPerStepAreAsRegistered) {
  for (const SamplerInfo& sampler : samplers()) {
    if (sampler.calls_per_step == 0) continue;
    const SamplingPlan plan = plan_between(sampler.name, 6, 10.0, 0.1);
    int calls = 0;
    TorchNoise noise(1);
    sample(plan, GaussianData().network(), Tensor::full(kShape, 10.0f), noise,
           [&](StepInfo& info) { calls = info.total_model_calls; });
    const int extra = sampler.sampler == find_sampler("plms").sampler ? 1 : 0;  // its first step asks twice
    EXPECT_EQ(calls, 6 * sampler.calls_per_step + extra) << sampler.name;
  }
}

// Image-to-image: a run from the middle goes on as the whole run does, for samplers without memory.
TEST(SamplingPlan, BeginsInTheMiddle) {
  for (const char* name : {"euler", "ddim", "heun", "dpm_2", "lcm"}) {
    const SamplingPlan whole = make_sampling_plan(name, "", 8, nullptr);
    Tensor middle;
    TorchNoise noise(1), same_noise(1);
    SamplingPlan quiet = whole;
    quiet.options.s_noise = 0.0;  // the two runs draw from different places of the stream
    const Tensor expected = sample(quiet, GaussianData().network(), noise.draw(kShape), noise, [&](StepInfo& info) {
      if (info.index == 2) middle = info.x;
    });
    PlanOptions options;
    options.begin = 3;
    SamplingPlan rest = make_sampling_plan(name, "", 8, nullptr, options);
    rest.options.s_noise = 0.0;
    EXPECT_EQ(rest.start_level().timestep, whole.steps[3].at.timestep);
    EXPECT_TRUE(tensors_identical(sample(rest, GaussianData().network(), middle, same_noise), expected)) << name;
  }
}

TEST(SamplingPlan, BeginOutOfRangeIsRefused) {
  PlanOptions options;
  for (int begin : {-1, 8}) {
    options.begin = begin;
    for (const char* name : {"euler", "ddim", "dpmpp_2m", "uni_pc", "lcm"})
      EXPECT_THROW(make_sampling_plan(name, "", 8, nullptr, options), Error) << name;
    EXPECT_THROW(make_sampling_plan("plms", "karras", 8, nullptr, options), Error);
  }
}

TEST(SamplingPlan, CallbackMayReplaceTheSampleAndCancel) {
  const SamplingPlan plan = make_sampling_plan("euler", "", 4, nullptr);
  TorchNoise noise(1);
  const Tensor replaced = sample(plan, GaussianData().network(), noise.draw(kShape), noise, [](StepInfo& info) {
    if (info.index + 1 == info.num_steps) info.x = Tensor::full(kShape, 3.0f);
  });
  EXPECT_TRUE(tensors_identical(replaced, Tensor::full(kShape, 3.0f)));

  int steps = 0;
  const auto cancelling = [&](StepInfo&) {
    if (++steps == 2) throw Error(ErrorCode::Cancelled, "[test] stopped");
  };
  EXPECT_THROW(sample(plan, GaussianData().network(), noise.draw(kShape), noise, cancelling), Error);
  EXPECT_EQ(steps, 2);
}

TEST(SamplingPlan, NonFiniteLatentsNameTheStep) {
  const SamplingPlan plan = make_sampling_plan("euler", "", 4, nullptr);
  int calls = 0;
  const auto overflowing = [&](const Tensor& x, const NoiseLevel&) {
    return ++calls == 3 ? Tensor::full(x.shape(), std::nanf("")) : x;
  };
  TorchNoise noise(1);
  try {
    sample(plan, overflowing, noise.draw(kShape), noise);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("step 3 of 4"), std::string::npos) << error.what();
  }
}

TEST(SamplingPlan, ByNameTakesTheModelsOwnSchedule) {
  nlohmann::json config = stable_diffusion_scheduler_config();
  config["prediction_type"] = "v_prediction";
  config["steps_offset"] = 0;
  const SamplingPlan ddim = make_sampling_plan("ddim", "", 5, config);
  EXPECT_EQ(ddim.denoiser.prediction_type, PredictionType::v_prediction);
  EXPECT_EQ(ddim.steps[0].at.timestep, 800.0);
  EXPECT_EQ(make_sampling_plan("ddim", "trailing", 5, config).steps[0].at.timestep, 999.0);
  EXPECT_NEAR(make_sampling_plan("DPM++ 2M Karras", "", 5, config).init_noise_sigma, 14.6146, 1e-4);
}

TEST(SamplingPlan, EveryDiffusersClassRuns) {
  for (const char* name : {"DDIM", "DDPM", "PNDM", "LCM", "TCD", "EulerDiscrete", "EulerAncestralDiscrete",
                           "HeunDiscrete", "KDPM2Discrete", "KDPM2AncestralDiscrete", "LMSDiscrete",
                           "DPMSolverMultistep", "DPMSolverSinglestep", "DEISMultistep", "UniPCMultistep"}) {
    nlohmann::json config = with_scheduler_class(stable_diffusion_scheduler_config(), std::string(name) + "Scheduler");
    for (const char* key :
         {"use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "rescale_betas_zero_snr"}) {
      nlohmann::json changed = config;
      changed[key] = true;
      changed["prediction_type"] = "v_prediction";
      for (int n : {1, 2, 7}) {
        const SamplingPlan plan = make_sampling_plan(changed, n);
        TorchNoise noise(1);
        const auto network = [](const Tensor& x, const NoiseLevel&) { return x; };
        const Tensor x = sample(plan, network, noise.draw(kShape), noise);
        for (float value : x.span()) ASSERT_TRUE(std::isfinite(value)) << name << " " << key << " " << n;
      }
    }
  }
}

// Numbers at the ends of their types must not leave the tables; whatever comes out, it is an Error or a plan.
TEST(SchedulerConfig, ExtremeNumbersStayInTheTables) {
  for (const char* class_name : {"DDIMScheduler", "PNDMScheduler", "EulerDiscreteScheduler", "UniPCMultistepScheduler",
                                 "LCMScheduler", "DPMSolverMultistepScheduler"}) {
    for (const char* key : {"steps_offset", "num_train_timesteps", "beta_start", "beta_end", "sigma_min", "sigma_max",
                            "lambda_min_clipped", "original_inference_steps", "clip_sample_range", "solver_order"}) {
      for (const nlohmann::json& value : {nlohmann::json(2147483647), nlohmann::json(-2147483647), nlohmann::json(0),
                                          nlohmann::json(1e-308), nlohmann::json(1e308), nlohmann::json(2)}) {
        nlohmann::json config = with_scheduler_class(stable_diffusion_scheduler_config(), class_name);
        config["use_karras_sigmas"] = true;
        config[key] = value;
        try {
          const SamplingPlan plan = make_sampling_plan(config, 5);
          EXPECT_GE(plan.steps.size(), 5u) << class_name << " " << key;
          for (const SamplerStep& step : plan.steps) EXPECT_LT(step.at.timestep, plan.schedule.num_train_timesteps());
        } catch (const Error& error) {
          const bool asks_too_many_steps = error.code() == ErrorCode::InvalidArgument;
          EXPECT_TRUE(asks_too_many_steps || error.code() == ErrorCode::CorruptFile) << error.what();
        }
      }
    }
  }
}

TEST(SchedulerConfig, BadValuesNameTheKey) {
  const auto error_of = [](const char* key, const nlohmann::json& value) -> std::string {
    nlohmann::json config = stable_diffusion_scheduler_config();
    config["_class_name"] = "DPMSolverMultistepScheduler";
    config[key] = value;
    try {
      make_sampling_plan(config, 5);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), key == std::string("_class_name") ? ErrorCode::Unsupported : ErrorCode::CorruptFile);
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(error_of("num_train_timesteps", "many"),
            "[scheduler] config num_train_timesteps = \"many\"; must be an integer of -2147483648..2147483647");
  EXPECT_NE(error_of("num_train_timesteps", -5).find("num_train_timesteps = -5"), std::string::npos);
  EXPECT_NE(error_of("beta_schedule", "wavy").find("scaled_linear"), std::string::npos);
  EXPECT_NE(error_of("beta_end", 2.0).find("beta"), std::string::npos);
  EXPECT_NE(error_of("trained_betas", {0.1, "x"}).find("trained_betas"), std::string::npos);
  EXPECT_NE(error_of("timestep_spacing", "random").find("leading"), std::string::npos);
  EXPECT_NE(error_of("prediction_type", "score").find("v_prediction"), std::string::npos);
  EXPECT_NE(error_of("algorithm_type", "euler").find("dpmsolver++"), std::string::npos);
  EXPECT_NE(error_of("solver_order", 9).find("solver_order"), std::string::npos);
  EXPECT_NE(error_of("dynamic_thresholding_ratio", 2.0).find("0..1"), std::string::npos);
  EXPECT_NE(error_of("_class_name", "DreamScheduler").find("PNDMScheduler"), std::string::npos);
  EXPECT_THROW(make_sampling_plan(nlohmann::json::array(), 5), Error);
  EXPECT_THROW(make_sampling_plan(stable_diffusion_scheduler_config(), 0), Error);
}

}  // namespace
}  // namespace easel
