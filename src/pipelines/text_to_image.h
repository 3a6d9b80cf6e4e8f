// text_to_image.h — prompt in, pictures out.
#pragma once

#include <span>
#include <string>
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

// One picture for each prompt, all in one batch: requested.prompt and num_images are not looked at, seeds count up from
// requested.seed. A picture equals the one made alone. Throws as text_to_image does, and InvalidArgument where the
// prompts need different numbers of chunks.
MadePictures pictures_of_prompts(const DiffusionModel& model, std::span<const std::string> prompts,
                                 const GenerationParameters& requested, const GenerationCallbacks& callbacks);

}  // namespace easel
