// vary.h — pictures like a given one.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// The picture's noise (inversion.h), turned by parameters.amount towards the seed's, and the run from there.
MadePictures vary(const DiffusionModel& model, const GenerationRequest& request, const GenerationCallbacks& callbacks);

}  // namespace easel
