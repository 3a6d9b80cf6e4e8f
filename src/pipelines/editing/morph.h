// morph.h — the frames between two pictures.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// Each end is a prompt with the noise of a seed, or of a picture (inversion.h). A frame lies on the arcs between the
// ends' noises and between their prompts' embeddings, token by token.
MadePictures morph(const DiffusionModel& model, const GenerationRequest& request, const GenerationCallbacks& callbacks);

// The share of the way at which frame `number` of the request lies: 0 the first end, 1 the last.
double frame_position(const GenerationParameters& parameters, int64_t number);

}  // namespace easel
