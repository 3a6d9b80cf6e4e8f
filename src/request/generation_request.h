// generation_request.h — what is asked for: the parameters of the table, and what is no single value.
#pragma once

#include <string>
#include <vector>

#include "easel/parameters.h"

namespace easel {

struct GenerationRequest {
  GenerationParameters parameters;
  // One for each picture of the batch, instead of parameters.prompt and num_images; empty: parameters.prompt for all.
  std::vector<std::string> prompts;

  int64_t num_images() const { return prompts.empty() ? parameters.num_images : static_cast<int64_t>(prompts.size()); }
};

}  // namespace easel
