#include "text/language/composed_prompt.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

using Parts = std::vector<std::pair<std::string, double>>;

Parts composed(std::string_view prompt) {
  Parts parts;
  for (const PromptPart& part : compose_prompt(prompt, 10)) {
    EXPECT_EQ(part.schedule.size(), 1u);
    parts.emplace_back(part.schedule.front().prompt, part.weight);
  }
  return parts;
}

TEST(ComposedPrompt, AndSplitsAndTheLastNumberWeighs) {
  EXPECT_EQ(composed("a cat AND a dog"), (Parts{{"a cat ", 1}, {" a dog", 1}}));
  EXPECT_EQ(composed("a cat :1.2 AND a dog: 0.7 AND fog :-.5"),
            (Parts{{"a cat ", 1.2}, {" a dog", 0.7}, {" fog ", -0.5}}));
  EXPECT_EQ(composed("16:9 AND (b:1.3)"), (Parts{{"16", 9}, {" (b:1.3)", 1}}));
}

TEST(ComposedPrompt, WithoutTheWordThereIsOnePart) {
  for (const char* prompt : {"", "a cat :0.7", "BAND", "SAND AND_ ANDY", "and", "sand AND\xC3\xA9"})
    EXPECT_EQ(composed(prompt), (Parts{{prompt, 1}}));
}

TEST(ComposedPrompt, PartsChangeEachByItself) {
  const std::vector<PromptPart> parts = compose_prompt("[a:b:3] AND [c|d]", 4);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].schedule.size(), 2u);
  EXPECT_EQ(parts[1].schedule.size(), 4u);
}

TEST(ComposedPrompt, WhatStandsForAFileIsRefusedByName) {
  for (const auto& [prompt, tag] : Parts{{"a cat <lora:ink:0.8>", 0}, {"<hypernet:x>", 0}, {"embedding:face, b", 0}})
    try {
      compose_prompt(prompt, 10);
      ADD_FAILURE() << prompt;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Unsupported);
      EXPECT_NE(std::string(error.what()).find(prompt.substr(prompt.find_first_of("<e"), 8)), std::string::npos)
          << error.what();
    }
  for (const char* prompt : {"a <3 b", "<b>", "a < b: c > d", "embedding : x", "embeddings:x"})
    EXPECT_NO_THROW(compose_prompt(prompt, 10)) << prompt;
}

}  // namespace
}  // namespace easel
