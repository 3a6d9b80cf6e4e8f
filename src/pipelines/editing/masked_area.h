// masked_area.h — inpainting of the part around a mask alone, enlarged to what the model draws best.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// inpaint() of the mask's bounding box with mask_padding pixels around it, enlarged to the model's own number of pixels
// where it has fewer, and put back; outside the mask every byte is the image's. Throws as inpaint.
MadePictures inpaint_masked_area(const DiffusionModel& model, const GenerationRequest& request,
                                 const GenerationCallbacks& callbacks);

}  // namespace easel
