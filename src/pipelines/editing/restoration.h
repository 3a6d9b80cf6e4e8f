// restoration.h — a damaged picture made whole.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// Inpainting of the mask, or of what damage_mask() finds, from what lies around it; every other byte stays. A picture
// without damage comes back as it was. Throws as inpaint.
MadePictures restoration(const DiffusionModel& model, const GenerationRequest& request,
                         const GenerationCallbacks& callbacks);

}  // namespace easel
