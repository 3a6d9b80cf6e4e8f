// composed_prompt.h — several prompts that shape one picture together, as the AUTOMATIC1111 webui reads them:
//
//   a cat AND a dog :0.7     composable diffusion (Liu et al. 2022, arXiv:2206.01714): each prompt pulls by its weight
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/language/prompt_schedule.h"

namespace easel {

struct PromptPart {
  double weight = 1.0;
  std::vector<ScheduledPrompt> schedule;
};

// At least one part. A prompt without the word AND has weight 1, whatever number it ends with. Throws InvalidArgument
// as schedule_prompt, and Unsupported as require_known_tags.
std::vector<PromptPart> compose_prompt(std::string_view prompt, int num_steps, int steps_before = 0);

// Throws Unsupported, naming it, for what would otherwise be drawn as letters though it stands for a file: <lora:x:0.8>
// and others of that form, embedding:x.
void require_known_tags(std::string_view prompt);

}  // namespace easel
