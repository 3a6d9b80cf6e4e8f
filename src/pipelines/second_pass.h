// second_pass.h — a generated picture made larger and gone over again, the webui's "Hires. fix".
#pragma once

#include "pipelines/stages.h"

namespace easel {

// How many steps it takes. Throws, before anything is computed, what second_pass would.
int64_t check_second_pass(const DiffusionModel& model, const GenerationRequest& first,
                          const GenerationCallbacks& callbacks);

// latents: of the first pass, [N, H, W, C] on the host; with a strength of 0 they are enlarged alone. `clock` goes on
// behind the first pass's steps.
std::vector<Picture> second_pass(const DiffusionModel& model, const GenerationRequest& first, const Tensor& latents,
                                 const GenerationCallbacks& callbacks, ProgressClock& clock, int64_t steps_before);

}  // namespace easel
