#include "request/parameter_grid.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

using Texts = std::vector<std::string>;

Texts values_of(const char* axis) { return parse_grid_axis(axis).values; }

std::string error_of(const Texts& axes) {
  try {
    GenerationParameters parameters;
    parameters.prompt = "a cat";
    std::vector<GridAxis> parsed;
    for (const std::string& axis : axes) parsed.push_back(parse_grid_axis(axis));
    grid_cells(parameters, parsed);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ParameterGrid, NamesAreThoseOfFlagsAndOfTheTable) {
  for (const char* axis : {"num_inference_steps=1", "steps=1", "num-inference-steps=1"})
    EXPECT_EQ(parse_grid_axis(axis).name, "num_inference_steps");
  EXPECT_EQ(parse_grid_axis("cfg_scale=1").name, "guidance_scale");
  EXPECT_EQ(parse_grid_axis("cfg_scale=1").label, "cfg_scale");
}

TEST(ParameterGrid, ValuesAreListedOrRanges) {
  EXPECT_EQ(values_of("steps=10,20, 40"), (Texts{"10", "20", "40"}));
  EXPECT_EQ(values_of("seed=1-3,9"), (Texts{"1", "2", "3", "9"}));
  EXPECT_EQ(values_of("seed=1-9 (+4)"), (Texts{"1", "5", "9"}));
  EXPECT_EQ(values_of("seed=5-1 (-2)"), (Texts{"5", "3", "1"}));
  EXPECT_EQ(values_of("cfg_scale=0.1-0.3 (+0.1)"), (Texts{"0.1", "0.2", "0.3"}));
  EXPECT_EQ(values_of("cfg_scale=1-7 [3]"), (Texts{"1", "4", "7"}));
  EXPECT_EQ(values_of("steps=1-10[4]"), (Texts{"1", "4", "7", "10"}));
  EXPECT_EQ(values_of("sampler=euler,dpmpp_2m"), (Texts{"euler", "dpmpp_2m"}));
  EXPECT_EQ(values_of("prompt=\"a cat, red\",1-3"), (Texts{"a cat, red", "1-3"}));
}

TEST(ParameterGrid, CellsAreEveryCombinationTheFirstAxisFastest) {
  GenerationParameters parameters;
  parameters.prompt = "a cat and a cat";
  const std::vector<GridCell> cells =
      grid_cells(parameters, {parse_grid_axis("steps=2,4"), parse_grid_axis("prompt:cat=cat,category")});
  ASSERT_EQ(cells.size(), 4u);
  EXPECT_EQ(cells[1].parameters.num_inference_steps, 4);
  EXPECT_EQ(cells[1].parameters.prompt, "a cat and a cat");
  EXPECT_EQ(cells[2].parameters.num_inference_steps, 2);
  EXPECT_EQ(cells[2].parameters.prompt, "a category and a category");
  EXPECT_EQ(cells[2].label, "steps 2, category");
}

TEST(ParameterGrid, WhatIsWrongIsNamed) {
  const std::vector<std::pair<Texts, const char*>> wrong = {{{"steps"}, "must be name=value"},
                                                            {{"stepps=1"}, "unknown parameter"},
                                                            {{"steps=x"}, "num_inference_steps = 'x'"},
                                                            {{"steps=0-5"}, "num_inference_steps = 0"},
                                                            {{"seed=1-5000"}, "1..1000"},
                                                            {{"seed=1-9 (-1)"}, "1..1000"},
                                                            {{"seed=1-900", "steps=1-900"}, "more than 1000 pictures"},
                                                            {{"prompt:dog=a"}, "prompt has no 'dog'"},
                                                            {{"steps:1=2"}, "only prompt:text"},
                                                            {{"prompt=\"a"}, "not closed"}};
  for (const auto& [axes, words] : wrong)
    EXPECT_NE(error_of(axes).find(words), std::string::npos) << axes[0] << ": " << error_of(axes);
}

}  // namespace
}  // namespace easel
