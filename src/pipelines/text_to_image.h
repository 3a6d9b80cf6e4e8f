// text_to_image.h — prompt in, pictures out.
#pragma once

#include <vector>

#include "easel/pipeline.h"
#include "pipelines/diffusion_model.h"

namespace easel {

struct MadePictures {
  GenerationParameters parameters;  // with the model's and chance's choices filled in: size, seed of the first picture
  std::vector<Picture> pictures;
};

// See Pipeline::generate.
MadePictures text_to_image(const DiffusionModel& model, const GenerationParameters& requested,
                           const GenerationCallbacks& callbacks);

}  // namespace easel
