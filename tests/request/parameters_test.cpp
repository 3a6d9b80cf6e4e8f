#include "easel/parameters.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

TEST(Parameters, TextFormsRoundTripForEveryParameter) {
  GenerationParameters parameters;
  parameters.prompt = "a \"cat\"\nwith two lines";
  parameters.guidance_scale = 0.1;
  parameters.seed = 9007199254740991;
  const GenerationParameters again = parameters_from_json(parameters_to_json(parameters));
  for (const ParameterInfo& info : parameter_table()) {
    EXPECT_EQ(get_parameter(again, info.name), get_parameter(parameters, info.name)) << info.name;
    GenerationParameters set;
    set_parameter(set, info.name, get_parameter(parameters, info.name));
    EXPECT_EQ(get_parameter(set, info.name), get_parameter(parameters, info.name)) << info.name;
  }
}

TEST(Parameters, DefaultsAreAllowedValues) { EXPECT_NO_THROW(check_parameters(GenerationParameters{})); }

TEST(Parameters, EveryNameOfASamplerIsUnderstood) {
  GenerationParameters parameters;
  for (const char* name : {"dpmpp_2m", "DPM++ 2M", "DPM++ 2M Karras", "dpm++2m", "euler_a", "Euler a", "k_euler"})
    EXPECT_NO_THROW(set_parameter(parameters, "sampler", name)) << name;
}

TEST(Parameters, WrongJsonIsNamed) {
  EXPECT_THROW(parameters_from_json("[1]"), Error);
  EXPECT_THROW(parameters_from_json(R"({"width": "wide"})"), Error);
  EXPECT_THROW(parameters_from_json(R"({"width": 64.5})"), Error);
  EXPECT_THROW(parameters_from_json(R"({"prompt": 5})"), Error);
  EXPECT_THROW(parameters_from_json(R"({"guidance_scale": 1e99})"), Error);
}

}  // namespace
}  // namespace easel
