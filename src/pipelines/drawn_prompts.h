// drawn_prompts.h — what of a request's prompts is left to chance, drawn for each picture
// (text/language/dynamic_prompt.h).
#pragma once

#include <vector>

#include "easel/parameters.h"

namespace easel {

// The request itself where nothing is left to chance. Else one for each picture, with a seed of its own and the prompts
// that it draws. Throws as draw_dynamic_prompt.
std::vector<GenerationParameters> drawn_requests(const GenerationParameters& parameters);

}  // namespace easel
