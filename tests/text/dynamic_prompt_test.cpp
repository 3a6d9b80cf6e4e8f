#include "text/language/dynamic_prompt.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "easel/error.h"
#include "temporary_folder.h"

namespace easel {
namespace {

class DynamicPrompt : public testing::Test {
 protected:
  DynamicPrompt() {
    folder_.write("wildcards/animal.txt", "# animals\ncat\n\n  dog  \n");
    folder_.write("wildcards/place/park.txt", "a park\n");
    folder_.write("wildcards/place/sea.txt", "the {blue|grey} sea\n");
    folder_.write("wildcards/self.txt", "__self__\n");
    folder_.write("wildcards/empty.txt", "#\n");
    folder_.write("wildcards/weighted.txt", "0::never\n5::always\n");
  }

  std::string drawn(std::string_view prompt, uint64_t seed = 0) const {
    return draw_dynamic_prompt(prompt, {.wildcards = folder_ / "wildcards", .seed = seed});
  }
  // How often each result comes among 1,000 seeds.
  std::map<std::string, int> results(std::string_view prompt) const {
    std::map<std::string, int> counts;
    for (uint64_t seed = 0; seed < 1000; ++seed) ++counts[drawn(prompt, seed)];
    return counts;
  }
  std::set<std::string> set_of(std::string_view prompt) const {
    std::set<std::string> texts;
    for (const auto& [text, count] : results(prompt)) texts.insert(text);
    return texts;
  }
  std::string message_of(std::string_view prompt) const {
    try {
      drawn(prompt);
    } catch (const Error& error) {
      return error.what();
    }
    return "drawn";
  }

  test::TemporaryFolder folder_;
};

using Texts = std::set<std::string>;

TEST_F(DynamicPrompt, PlainTextStays) {
  for (const char* prompt : {"", "a cat, (b:1.2) [c|d]", "\\{a|b\\}", "a { b", "} {", "#1, #ff0000", "_a_ __", "a|b"}) {
    EXPECT_FALSE(is_dynamic_prompt(prompt)) << prompt;
    EXPECT_EQ(drawn(prompt), prompt);
  }
}

TEST_F(DynamicPrompt, AChoiceIsOneOfItsOptions) {
  EXPECT_TRUE(is_dynamic_prompt("{a|b}"));
  EXPECT_EQ(set_of("x {a|b|} y"), (Texts{"x a y", "x b y", "x  y"}));
  EXPECT_EQ(set_of("{a {b|c}|d}"), (Texts{"a b", "a c", "d"}));
  EXPECT_EQ(drawn("{~a}"), "a");
}

TEST_F(DynamicPrompt, WeightsSayHowOften) {
  const std::map<std::string, int> counts = results("{3::a|1::b|0::c}");
  EXPECT_NEAR(counts.at("a"), 750, 60);
  EXPECT_EQ(counts.count("c"), 0u);
}

TEST_F(DynamicPrompt, SeveralOptionsAreDifferent) {
  EXPECT_EQ(set_of("{2$$a|b|c}"), (Texts{"a,b", "b,a", "a,c", "c,a", "b,c", "c,b"}));
  EXPECT_EQ(set_of("{1-2$$ and $$a|b}"), (Texts{"a", "b", "a and b", "b and a"}));
  EXPECT_EQ(set_of("{-1$$a|b}"), (Texts{"a", "b"}));
  EXPECT_EQ(set_of("{2-$$a|b}"), (Texts{"a,b", "b,a"}));
  EXPECT_EQ(set_of("{0-1$$a}"), (Texts{"", "a"}));
  EXPECT_EQ(drawn("{3$$ $$a}"), "a a a");
  EXPECT_EQ(drawn("{2$$ | $$x|x}"), "x | x");
}

TEST_F(DynamicPrompt, WildcardsAreLinesOfFiles) {
  EXPECT_EQ(set_of("a __animal__"), (Texts{"a cat", "a dog"}));
  EXPECT_EQ(set_of("__place/*__"), (Texts{"a park", "the blue sea", "the grey sea"}));
  EXPECT_EQ(set_of("{2$$__animal__}"), (Texts{"cat,dog", "dog,cat"}));
  EXPECT_EQ(set_of("__weighted__"), Texts{"always"});
}

TEST_F(DynamicPrompt, VariablesAreDrawnAtEachUseOrOnce) {
  EXPECT_EQ(set_of("${x={a|b}}${x}${x}"), (Texts{"aa", "ab", "ba", "bb"}));
  EXPECT_EQ(set_of("${x=!{a|b}}${x}${x}"), (Texts{"aa", "bb"}));
  EXPECT_EQ(drawn("${x:cat}"), "cat");
}

TEST_F(DynamicPrompt, CommentsAreLeftOut) { EXPECT_EQ(drawn("a # red\ncat # end"), "a \ncat "); }

TEST_F(DynamicPrompt, ASeedDrawsTheSamePrompt) {
  EXPECT_EQ(drawn("{a|b|c|d|e|f|g}{a|b|c|d|e|f|g}", 7), drawn("{a|b|c|d|e|f|g}{a|b|c|d|e|f|g}", 7));
}

TEST_F(DynamicPrompt, WhatIsWrongIsNamed) {
  const std::vector<std::pair<const char*, const char*>> wrong = {{"__animals__", "did you mean animal?"},
                                                                  {"__../secret__", "leaves the folder"},
                                                                  {"__self__", "does one name itself?"},
                                                                  {"__empty__", "no lines"},
                                                                  {"${x}", "no value"},
                                                                  {"${x+1}", "must be ${name}"},
                                                                  {"${=a}", "no name"},
                                                                  {"{2000$$a|b}", "at most 1000"},
                                                                  {"{!a|b}", "combinatorial"},
                                                                  {"{@a|b}", "cyclical"},
                                                                  {"{-1::a|b}", "must be 0 or more"},
                                                                  {"${a=${a}}${a}", "does one name itself?"}};
  for (const auto& [prompt, words] : wrong)
    EXPECT_NE(message_of(prompt).find(words), std::string::npos) << prompt << ": " << message_of(prompt);
}

TEST_F(DynamicPrompt, HostileTextEndsQuickly) {
  EXPECT_EQ(drawn(std::string(60'000, '{')).size(), 60'000u);
  const std::string large = "{1000$$" + std::string(100, 'x') + "}";
  std::string empty;
  for (int i = 0; i < 20; ++i) empty = "{1000$$$$" + empty + "}";
  EXPECT_NE(message_of(large).find("64 KiB"), std::string::npos) << message_of(large);
  EXPECT_NE(message_of(empty).find("more than 100,000"), std::string::npos) << message_of(empty);
}

}  // namespace
}  // namespace easel
