// noise_reduction.h — a picture without its noise.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// The loop is entered with the picture's own latents at the level where the noise of latents is what the picture's
// noise becomes in them, measured by encoding it once more with as much noise again. What comes out guides a Wiener
// filter of the picture (pictures/wiener_filter.h), so that detail which the autoencoder loses stays. noise_sigma below
// 0: it is estimated, and recorded. One picture. Throws as image_to_image.
MadePictures noise_reduction(const DiffusionModel& model, const GenerationRequest& request,
                             const GenerationCallbacks& callbacks);

}  // namespace easel
