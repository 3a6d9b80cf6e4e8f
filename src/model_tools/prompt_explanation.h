// prompt_explanation.h — what a model reads in a prompt.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace easel {

struct PromptQuestion {
  std::string prompt;
  std::string model;                    // folder or file; empty: the default model
  std::string wildcards = "wildcards";  // folder of the lists that __name__ draws from
  int64_t seed = 0;
  int num_steps = 25;
};

// {"prompt": as drawn, "parts": [{"weight", "schedule": [{"first_step", "last_step", "text", "chunks": [[{"text", "id",
// "weight"}, …], …]}, …]}, …]}, steps from 1; a token that ends a word has a space behind it. The tokenizer is the
// model's first. Throws what reading the prompt and the model throws.
nlohmann::ordered_json explain_prompt(const PromptQuestion& question);

}  // namespace easel
