#include "request/infotext.h"

#include <gtest/gtest.h>

#include <cmath>

namespace easel {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const Infotext kPicture = {
    "a cat, (sitting:1.2)\non a mat",
    "blurry: very,\nugly",
    {{"Steps", "20"}, {"Sampler", "Euler a"}, {"CFG scale", "7.5"}, {"Seed", "1"}, {"Model", "v1-5"}}};

TEST(Infotext, IsWrittenAsTheWebuiDoes) {
  EXPECT_EQ(format_infotext(kPicture),
            "a cat, (sitting:1.2)\non a mat\nNegative prompt: blurry: very,\nugly\n"
            "Steps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 1, Model: v1-5");
  EXPECT_EQ(format_infotext({"", "", {{"Steps", "1"}}}), "Steps: 1");
}

TEST(Infotext, ReadsBackWhatItWrote) {
  EXPECT_EQ(parse_infotext(format_infotext(kPicture)), kPicture);

  Infotext odd = kPicture;
  odd.prompt.clear();
  odd.fields = {{"Lora hashes", "a: 0123, b: 45"}, {"Lines", "one\ntwo"}, {"Quote", "\"x\""},
                {"Backslash", "a\\,\""},           {"Spaces", " x "},     {"Empty", ""},
                {"Name", "caf\u00E9, \u732B"}};
  EXPECT_EQ(parse_infotext(format_infotext(odd)), odd);
}

TEST(Infotext, SizesBecomeTwoFields) {
  const Infotext infotext = parse_infotext("p\nSteps: 20, Size: 512x768, Seed: 1, Model: 2x4x8");
  EXPECT_EQ(infotext.fields,
            (Fields{{"Steps", "20"}, {"Size-1", "512"}, {"Size-2", "768"}, {"Seed", "1"}, {"Model", "2x4x8"}}));
}

TEST(Infotext, ALastLineWithFewFieldsIsPrompt) {
  const Infotext infotext = parse_infotext("a photo\nSteps: 20, Seed: 1");
  EXPECT_EQ(infotext.prompt, "a photo\nSteps: 20, Seed: 1");
  EXPECT_TRUE(infotext.fields.empty());
}

TEST(Infotext, AnythingIsRead) {
  EXPECT_EQ(parse_infotext(""), Infotext{});
  EXPECT_EQ(parse_infotext(" \r\n\t"), Infotext{});
  EXPECT_EQ(parse_infotext("  one \r\n two  ").prompt, "one\ntwo");
  EXPECT_EQ(parse_infotext("Negative prompt: bad\nSteps: 1, Seed: 2, CFG scale: 3").negative_prompt, "bad");
}

TEST(Infotext, FieldsAreFoundAsTheWebuisPatternFindsThem) {
  const auto fields = [](const std::string& line) { return parse_infotext("p\n" + line).fields; };
  EXPECT_EQ(fields("Steps: 1, - a/b c: 2,Seed:3"), (Fields{{"Steps", "1"}, {"a/b c", "2"}, {"Seed", "3"}}));
  EXPECT_EQ(fields("text, Aa: 1, Bb: , Cc: \"x\" y, D: 4, Ee: \"a,b"),
            (Fields{{"Aa", "1"}, {"Bb", ""}, {"Cc", "\"x\" y"}, {"Ee", "\"a"}}));
  EXPECT_EQ(fields(R"(Aa: "x, \"y\"", Bb: "\q", Cc: "")"), (Fields{{"Aa", "x, \"y\""}, {"Bb", R"("\q")"}, {"Cc", ""}}));
}

TEST(Infotext, LongLinesTakeLinearTime) {
  EXPECT_TRUE(parse_infotext(std::string(4'000'000, 'a')).fields.empty());
  EXPECT_TRUE(parse_infotext("\"" + std::string(4'000'000, '\\')).fields.empty());
}

TEST(Infotext, NulBecomesTheReplacementCharacter) {
  EXPECT_EQ(format_infotext({std::string("a\0b", 3), "", {}}), "a\uFFFDb\n");
}

TEST(Infotext, DefaultsAreFilledAndOldSamplerNamesSplit) {
  Infotext infotext = parse_infotext("p\nSteps: 20, Sampler: DPM++ 2M Karras, Seed: 1, Clip skip: 2");
  fill_infotext_defaults(infotext);
  EXPECT_EQ(*infotext.find("Sampler"), "DPM++ 2M");
  EXPECT_EQ(*infotext.find("Schedule type"), "Karras");
  EXPECT_EQ(*infotext.find("Clip skip"), "2");
  EXPECT_EQ(*infotext.find("RNG"), "GPU");
  EXPECT_EQ(*infotext.find("Masked area padding"), "32");

  Infotext plain = parse_infotext("p\nSteps: 20, Sampler: Euler a, Seed: 1");
  fill_infotext_defaults(plain);
  EXPECT_EQ(*plain.find("Sampler"), "Euler a");
  EXPECT_EQ(*plain.find("Schedule type"), "Automatic");
}

}  // namespace
}  // namespace easel
