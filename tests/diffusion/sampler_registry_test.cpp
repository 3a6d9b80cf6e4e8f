#include "diffusion/sampler_registry.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "easel/error.h"

namespace easel {
namespace {

TEST(SamplerRegistry, FindsTheNamesOfOtherPrograms) {
  const std::pair<const char*, const char*> names[] = {
      {"Euler a", "euler_ancestral"},
      {"euler_a", "euler_ancestral"},
      {"k_euler_a", "euler_ancestral"},
      {"dpm++2m", "dpmpp_2m"},
      {"DPM++ 2M", "dpmpp_2m"},
      {"dpm++2s_a", "dpmpp_2s_ancestral"},
      {"DPM++ SDE", "dpmpp_sde"},
      {"dpmpp_3m_sde_gpu", "dpmpp_3m_sde"},
      {"UniPC", "uni_pc"},
      {"PLMS", "pndm"},
      {"kdpm_2_a", "dpm_2_ancestral"},
      {"UniPCMultistepScheduler", "uni_pc"},
      {"DPM2 a", "dpm_2_ancestral"},
      {"LCM", "lcm"},
      {"dpm2", "dpm_2"},
      {"euler_ge", "gradient_estimation"},
  };
  for (const auto& [given, name] : names) EXPECT_STREQ(find_sampler(given).name, name) << given;
}

TEST(SamplerRegistry, SplitsASchedulesNameOff) {
  const auto split = [](const char* name) {
    const SamplerChoice choice = parse_sampler_name(name);
    return std::string(choice.sampler->name) + "/" + (choice.schedule ? choice.schedule->name : "");
  };
  EXPECT_EQ(split("DPM++ 2M Karras"), "dpmpp_2m/karras");
  EXPECT_EQ(split("DPM++ 2M SDE Heun Exponential"), "dpmpp_2m_sde_heun/exponential");
  EXPECT_EQ(split("k_dpmpp_2m_ka"), "dpmpp_2m/karras");
  EXPECT_EQ(split("euler_k"), "euler/karras");
  EXPECT_EQ(split("Euler SGM Uniform"), "euler/sgm_uniform");
  EXPECT_EQ(split("DPM++ 2M SDE"), "dpmpp_2m_sde/");
}

TEST(SamplerRegistry, UnknownNameListsTheKnownOnes) {
  for (const char* name : {"euler_b", "", "Karras", "_karras"}) {
    try {
      parse_sampler_name(name);
      FAIL() << "no error for " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
      EXPECT_NE(std::string(error.what()).find("dpmpp_2m_sde"), std::string::npos) << error.what();
    }
  }
}

TEST(SamplerRegistry, NamesAreUniqueAndDefaultsExist) {
  std::set<std::string> names;
  for (const SamplerInfo& info : samplers()) {
    EXPECT_TRUE(names.insert(folded_name(info.name)).second) << info.name;
    for (std::string_view alias : info.aliases) EXPECT_STREQ(find_sampler(alias).name, info.name) << alias;
    EXPECT_STREQ(find_sampler(info.label).name, info.name);
    EXPECT_TRUE(info.default_schedule || info.diffusers_class) << info.name;
    if (info.default_schedule) {
      EXPECT_STREQ(find_sigma_schedule(info.default_schedule).name, info.default_schedule);
    }
  }
}

}  // namespace
}  // namespace easel
