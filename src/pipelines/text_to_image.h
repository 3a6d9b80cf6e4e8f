// text_to_image.h — prompt in, pictures out.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// One batch. A picture equals the one made alone with its seed: request.parameters.seed plus its number. Throws as
// Pipeline::generate, and InvalidArgument where prompts of one batch need different numbers of chunks.
MadePictures text_to_image(const DiffusionModel& model, const GenerationRequest& request,
                           const GenerationCallbacks& callbacks);

}  // namespace easel
