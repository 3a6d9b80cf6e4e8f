#include "pipelines/drawn_prompts.h"

#include "pipelines/stages.h"
#include "request/parameter_table.h"
#include "text/language/dynamic_prompt.h"

namespace easel {

std::vector<GenerationParameters> drawn_requests(const GenerationParameters& parameters) {
  check_parameters(parameters);
  const bool dynamic = parameters.prompt_weighting != "none" &&
                       (is_dynamic_prompt(parameters.prompt) || is_dynamic_prompt(parameters.negative_prompt));
  if (!dynamic) return {parameters};
  const int64_t first_seed = parameters.seed < 0 ? random_seed() : parameters.seed;
  std::vector<GenerationParameters> requests;
  for (int64_t i = 0; i < parameters.num_images; ++i) {
    GenerationParameters& request = requests.emplace_back(parameters);
    request.num_images = 1;
    request.seed = first_seed + i;
    const DynamicPromptOptions options{.wildcards = parameters.wildcards, .seed = static_cast<uint64_t>(request.seed)};
    request.prompt = draw_dynamic_prompt(parameters.prompt, options);
    request.negative_prompt = draw_dynamic_prompt(parameters.negative_prompt, options);
  }
  return requests;
}

}  // namespace easel
