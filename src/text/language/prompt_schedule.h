// prompt_schedule.h — prompts that change on the way, as the AUTOMATIC1111 webui reads them:
//
//   [from:to:when]  [to:when]  [from::when]   `from` up to a step, `to` after it
//   [a|b|c]                                   each in turn, one a step
//
// `when` is a step's number, or with a point a share of the steps: 0.5. They nest; whatever else stands in square
// brackets stays as it is, for prompt_syntax.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace easel {

struct ScheduledPrompt {
  int end_step;  // the last step, counted from 1, that it is meant for
  std::string prompt;

  bool operator==(const ScheduledPrompt&) const = default;
};

// The prompts of a run of num_steps in order; the last one ends with the last step. One where nothing changes.
// steps_before: of a first pass, after which `when` counts on: its steps are behind those, its shares are those
// above 1. Throws InvalidArgument where more than 64 of the brackets nest.
std::vector<ScheduledPrompt> schedule_prompt(std::string_view prompt, int num_steps, int steps_before = 0);

// Which of them a step takes, counted from 0: the first that does not end before it. As the webui compares this count
// with ends counted from 1, the first prompt lasts a step longer than it says.
size_t scheduled_at(const std::vector<ScheduledPrompt>& schedule, int step);

}  // namespace easel
