// latent_upscale.h — a picture made larger by a diffusion model that sees the small one: Stable Diffusion's x4
// upscaler.
#pragma once

#include "pipelines/stages.h"

namespace easel {

// One batch, of the image's size times the autoencoder's factor. The image, noised to `noise_level` of the model's
// second scheduler, goes into the network behind the latents, and the level as a label (Ho et al. 2021,
// arXiv:2106.15282). Throws as text_to_image, InvalidArgument without an image, Unsupported for a model of another
// kind.
MadePictures latent_upscale(const DiffusionModel& model, const GenerationRequest& request,
                            const GenerationCallbacks& callbacks);

}  // namespace easel
