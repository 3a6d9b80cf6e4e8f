// image_to_image.h — a picture changed by a prompt. Meng et al. 2021, "SDEdit", arXiv:2108.01073.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// One batch, of the image's size, which may be any. Throws as text_to_image, and InvalidArgument without an image.
MadePictures image_to_image(const DiffusionModel& model, const GenerationRequest& request,
                            const GenerationCallbacks& callbacks);

}  // namespace easel
