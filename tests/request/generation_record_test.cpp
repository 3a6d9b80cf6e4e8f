// What a picture records of how it was made follows from the table's rows.
#include "request/generation_record.h"

#include <gtest/gtest.h>

#include <set>

#include "request/infotext.h"
#include "request/parameter_table.h"

namespace easel {
namespace {

TEST(GenerationRecord, EveryParameterSaysWhereItIsRecorded) {
  const std::set<std::string> elsewhere = {"prompt",     "negative_prompt", "height",
                                           "num_images", "vae_band_rows",   "task",
                                           "wildcards",  "watermark",       "seed_resize_height"};
  for (const auto& row : generation_table().rows()) {
    ASSERT_NE(row.infotext_key, nullptr) << row.name;
    EXPECT_EQ(row.infotext_key[0] == '\0', elsewhere.contains(row.name)) << row.name;
  }
}

TEST(GenerationRecord, HoldsWhatShapesThePicture) {
  GenerationParameters parameters;
  parameters.prompt = "a cat";
  parameters.negative_prompt = "fog";
  parameters.sampler = "DPM++ 2M Karras";
  parameters.guidance_scale = 7;
  parameters.guidance_rescale = 0.7;
  parameters.seed = 5;
  parameters.width = 64;
  parameters.height = 48;
  parameters.clip_skip = 2;
  parameters.eta = 0.5;
  parameters.prompt_weighting = "none";
  EXPECT_EQ(generation_infotext(parameters, {.name = "toy", .hash = "0123456789"}),
            "a cat\nNegative prompt: fog\nSteps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, CFG "
            "rescale: 0.7, Seed: 5, Size: 64x48, Clip skip: 2, Eta: 0.5, RNG: CPU, Emphasis: None, Model hash: "
            "0123456789, Model: toy, Version: Easel 0.1.0");
}

TEST(GenerationRecord, LeavesOutWhatIsAsAlways) {
  GenerationParameters parameters;
  parameters.rng = "philox";
  const Infotext text = parse_infotext(generation_infotext(parameters, {.name = "toy", .hash = ""}));
  for (const char* key : {"Sampler", "Schedule type", "CFG rescale", "Clip skip", "Eta", "Emphasis", "Model hash"})
    EXPECT_EQ(text.find(key), nullptr) << key;
  EXPECT_EQ(*text.find("RNG"), "NV");
}

}  // namespace
}  // namespace easel
