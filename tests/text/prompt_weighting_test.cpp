#include "text/prompt_weighting.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

std::vector<WeightedText> parsed(std::string_view prompt) { return weighted_texts(read_prompt_syntax(prompt)); }

using Parts = std::vector<std::pair<std::string, double>>;

constexpr double kBreakMark = -1;  // stands for a break's weight in the tables below

void expect_parts(std::string_view prompt, const Parts& expected) {
  const std::vector<WeightedText> parts = parsed(prompt);
  ASSERT_EQ(parts.size(), expected.size()) << prompt;
  for (size_t i = 0; i < parts.size(); ++i) {
    EXPECT_EQ(parts[i].text, expected[i].first) << prompt << ", part " << i;
    const double weight = parts[i].is_break ? kBreakMark : parts[i].weight;
    EXPECT_NEAR(weight, expected[i].second, 1e-12) << prompt << ", part " << i;
  }
}

TEST(PromptWeighting, FollowsTheWebuisExample) {
  expect_parts("a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).", {{"a ", 1.0},
                                                                       {"house", 1.573},
                                                                       {" ", 1.1},
                                                                       {"on", 1.0},
                                                                       {" a ", 1.1},
                                                                       {"hill", 0.55},
                                                                       {", sun, ", 1.1},
                                                                       {"sky", 1.4641},
                                                                       {".", 1.1}});
}

TEST(PromptWeighting, BracketsScale) {
  expect_parts("", {{"", 1}});
  expect_parts("plain text", {{"plain text", 1}});
  expect_parts("(x)", {{"x", 1.1}});
  expect_parts("[x]", {{"x", 1 / 1.1}});
  expect_parts("((x))", {{"x", 1.21}});
  expect_parts("(x: 1.3 )", {{"x", 1.3}});
  expect_parts("(x:-.5)(y:+2)", {{"x", -0.5}, {"y", 2}});
  expect_parts("()", {{"", 1}});
}

TEST(PromptWeighting, EscapedBracketsAreText) {
  expect_parts(R"(\(x\) \[y\])", {{"(x) [y]", 1}});
  expect_parts(R"((a\)b))", {{"a)b", 1.1}});
  expect_parts(R"(back\\slash)", {{"back\\slash", 1}});
  expect_parts(R"(lone\backslash\)", {{"lonebackslash", 1}});
}

TEST(PromptWeighting, UnclosedBracketsReachToTheEnd) {
  expect_parts("a (b [c", {{"a ", 1}, {"b ", 1.1}, {"c", 1.0}});
  expect_parts("[a", {{"a", 1 / 1.1}});
}

TEST(PromptWeighting, UnmatchedClosersAndColonsAreText) {
  expect_parts("a) b] c:1.2) d", {{"a) b] c:1.2) d", 1}});
  expect_parts("[a:1.2]", {{"a:1.2", 1 / 1.1}});
  expect_parts("(wait:...)", {{"wait:...", 1.1}});
  expect_parts("(ratio 16:9 photo)", {{"ratio 16:9 photo", 1.1}});
  expect_parts("[a:b:0.5]", {{"a:b:0.5", 1 / 1.1}});
}

TEST(PromptWeighting, EqualNeighboursAreMerged) {
  expect_parts("(a)(b)", {{"ab", 1.1}});
  expect_parts("(a:1.0) b", {{"a b", 1}});
}

TEST(PromptWeighting, BreakIsAWord) {
  expect_parts("a BREAK b", {{"a", 1}, {"", kBreakMark}, {"b", 1}});
  expect_parts("(a BREAK b:1.2)", {{"a", 1.2}, {"", kBreakMark}, {"b", 1.2}});
  expect_parts("BREAK BREAK", {{"", kBreakMark}, {"", kBreakMark}});
  expect_parts("a,BREAK,b", {{"a,", 1}, {"", kBreakMark}, {",b", 1}});
  expect_parts(
      "BREAKFAST xBREAK BREAK_ Break \xC3\xA9"
      "BREAK",
      {{"BREAKFAST xBREAK BREAK_ Break \xC3\xA9"
        "BREAK",
        1}});
}

TEST(PromptWeighting, NumbersThatAreNoneAreRefused) {
  for (const char* prompt : {"(a:1.2.3)", "(a:1..)", "(a:99999999999999999999999999999999999999999999)"})
    EXPECT_THROW(parsed(prompt), Error) << prompt;
}

TEST(PromptWeighting, TooDeepAndTooHeavyPromptsAreRefused) {
  EXPECT_NO_THROW(parsed(std::string(256, '(') + "a"));
  EXPECT_THROW(parsed(std::string(257, '(') + "a"), Error);
  EXPECT_THROW(parsed("((a:99999999999999999999):99999999999999999999)"), Error);
}

}  // namespace
}  // namespace easel
