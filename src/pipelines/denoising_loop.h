// denoising_loop.h — the one loop behind every task: a network, its conditioning and a sampling plan turn latents at
// the plan's first level into clean ones.
#pragma once

#include "diffusion/sampling_plan.h"
#include "models/unet/unet.h"
#include "pipelines/conditioning.h"

namespace easel {

// latents: [N, H, W, C] at the plan's first level. Runs where the embeddings lie, and so does what the callback sees;
// returns the denoised latents on the host. Throws what the callback throws, Unsupported naming the step where the
// latents turn non-finite, and InvalidArgument where the conditioning does not fit the network.
Tensor denoise(const UNet2DConditionModel& unet, const Conditioning& conditioning, const SamplingPlan& plan,
               Tensor latents, NoiseSource& noise, const StepCallback& callback);

}  // namespace easel
