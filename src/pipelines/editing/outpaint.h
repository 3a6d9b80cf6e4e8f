// outpaint.h — a picture made larger by what could be around it.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// Inpainting of what is added, on a canvas that has the picture's border going on smoothly. Farther inside the old
// border than the overlap every byte stays. Throws as inpaint, and InvalidArgument where nothing is added.
MadePictures outpaint(const DiffusionModel& model, const GenerationRequest& request,
                      const GenerationCallbacks& callbacks);

}  // namespace easel
