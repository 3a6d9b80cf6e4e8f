// text_to_image.h — prompt in, pictures out.
#pragma once

#include <vector>

#include "easel/pipeline.h"
#include "pipelines/diffusion_model.h"

namespace easel {

// See Pipeline::generate.
std::vector<GeneratedPicture> text_to_image(const DiffusionModel& model, const GenerationParameters& parameters,
                                            const GenerationCallbacks& callbacks);

}  // namespace easel
