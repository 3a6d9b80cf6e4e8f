// inpaint.h — a part of a picture made anew.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// One batch, of the image's size, which may be any; outside the mask every byte is the image's. Any model does it, its
// latents blended with the known ones in each step; one of 9 channels is told the mask and what is around it. Throws as
// image_to_image, and InvalidArgument where there is no mask.
MadePictures inpaint(const DiffusionModel& model, const GenerationRequest& request,
                     const GenerationCallbacks& callbacks);

}  // namespace easel
