// What the webui makes of prompts that change with the step: the lists are those of its own documentation.
#include "text/language/prompt_schedule.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

using Schedule = std::vector<ScheduledPrompt>;

Schedule in_turn(const std::vector<std::string>& prompts, int num_steps) {
  Schedule schedule;
  for (int step = 1; step <= num_steps; ++step)
    schedule.push_back({step, prompts[static_cast<size_t>(step - 1) % prompts.size()]});
  return schedule;
}

TEST(PromptSchedule, WhatDoesNotChangeIsOnePrompt) {
  for (const char* prompt : {"", "a cat", "a [cat]", "(a:1.2) [b] \\[c:d:3\\]", "a [unbalanced", "]:[", "[a:b]",
                             "[a:b:c]", "[a:b:c:3]", "a | b", "(a|b)"})
    EXPECT_EQ(schedule_prompt(prompt, 10), (Schedule{{10, prompt}}));
}

TEST(PromptSchedule, EditsAtAStep) {
  EXPECT_EQ(schedule_prompt("a [b:3]", 10), (Schedule{{3, "a "}, {10, "a b"}}));
  EXPECT_EQ(schedule_prompt("a [b: 3]", 10), (Schedule{{3, "a "}, {10, "a b"}}));
  EXPECT_EQ(schedule_prompt("a [b::3] c", 10), (Schedule{{3, "a b c"}, {10, "a  c"}}));
  EXPECT_EQ(schedule_prompt("a [b : c : 1] d", 10), (Schedule{{1, "a b  d"}, {10, "a  c  d"}}));
  EXPECT_EQ(schedule_prompt("[(a:2):3]", 10), (Schedule{{3, ""}, {10, "(a:2)"}}));
  EXPECT_EQ(schedule_prompt("a [[[b]]:2]", 10), (Schedule{{2, "a "}, {10, "a [[b]]"}}));
  EXPECT_EQ(schedule_prompt("((a][:b:c [d:3]", 10), (Schedule{{3, "((a][:b:c "}, {10, "((a][:b:c d"}}));
}

TEST(PromptSchedule, AStepWithAPointIsAShare) {
  EXPECT_EQ(schedule_prompt("a [b:.5] c", 10), (Schedule{{5, "a  c"}, {10, "a b c"}}));
  EXPECT_EQ(schedule_prompt("[cat:dog:0.25]", 8), (Schedule{{2, "cat"}, {8, "dog"}}));
  EXPECT_EQ(schedule_prompt("[cat:dog:1]", 8), (Schedule{{1, "cat"}, {8, "dog"}}));
  EXPECT_EQ(schedule_prompt("[cat:dog:1.0]", 8), (Schedule{{8, "cat"}}));
  EXPECT_EQ(schedule_prompt("[cat:dog:-1]", 8), (Schedule{{8, "dog"}}));
  EXPECT_EQ(schedule_prompt("[cat:dog:99]", 8), (Schedule{{8, "cat"}}));
  EXPECT_EQ(schedule_prompt("[cat:dog:1e99]", 8), (Schedule{{8, "cat"}}));
}

TEST(PromptSchedule, ASecondPassCountsOnBehindTheFirst) {
  EXPECT_EQ(schedule_prompt("a [b:.5] c", 10, 10), (Schedule{{10, "a b c"}}));
  EXPECT_EQ(schedule_prompt("a [b:1.5] c", 10, 10), (Schedule{{5, "a  c"}, {10, "a b c"}}));
  EXPECT_EQ(schedule_prompt("a [b:13] c", 10, 10), (Schedule{{3, "a  c"}, {10, "a b c"}}));
}

TEST(PromptSchedule, EditsNest) {
  EXPECT_EQ(schedule_prompt("a[b:[c:d:2]:1]e", 10), (Schedule{{1, "abe"}, {2, "ace"}, {10, "ade"}}));
}

TEST(PromptSchedule, AlternativesTakeTurns) {
  EXPECT_EQ(schedule_prompt("[a|(b:1.1)]", 10), in_turn({"a", "(b:1.1)"}, 10));
  EXPECT_EQ(schedule_prompt("[fe|]male", 10), in_turn({"female", "male"}, 10));
  EXPECT_EQ(schedule_prompt("[fe|||]male", 10), in_turn({"female", "male", "male", "male"}, 10));
}

TEST(PromptSchedule, AStepTakesTheFirstPromptThatDoesNotEndBeforeIt) {
  const Schedule schedule = schedule_prompt("[cat:dog:3]", 10);
  EXPECT_EQ(scheduled_at(schedule, 0), 0u);
  EXPECT_EQ(scheduled_at(schedule, 3), 0u);
  EXPECT_EQ(scheduled_at(schedule, 4), 1u);
  EXPECT_EQ(scheduled_at(schedule, 9), 1u);
}

TEST(PromptSchedule, HostileBracketsEndQuickly) {
  const std::string open(100'000, '[');
  EXPECT_EQ(schedule_prompt(open, 10).size(), 1u);
  EXPECT_EQ(schedule_prompt(open + std::string(100'000, ']'), 10).size(), 1u);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "[a:";
  for (int i = 0; i < 100; ++i) deep += ":1]";
  EXPECT_THROW(schedule_prompt(deep, 10), Error);
}

}  // namespace
}  // namespace easel
