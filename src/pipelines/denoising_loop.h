// denoising_loop.h — the one loop behind every pipeline: a network, guidance and a sampling plan turn noise into
// latents.
#pragma once

#include <vector>

#include "diffusion/sampling_plan.h"
#include "models/unet/unet.h"
#include "pipelines/prompt_encoder.h"

namespace easel {

// What the network is told besides the latents. Embeddings have one row for every sample of the batch, or one for all.
struct Conditioning {
  PromptPair prompts;
  double guidance_scale = 7.5;  // 1: the negative prompt is not used and the network runs once per sample
  double guidance_rescale = 0.0;
  std::vector<float> time_ids;  // SDXL: original height, width, crop top, left, target height, width
};

// latents: [N, H, W, C] at the plan's first level. Runs where the embeddings lie, and so does what the callback sees;
// returns the denoised latents on the host. Throws what the callback throws, and Unsupported naming the step where the
// latents turn non-finite.
Tensor denoise(const UNet2DConditionModel& unet, const Conditioning& conditioning, const SamplingPlan& plan,
               Tensor latents, NoiseSource& noise, const StepCallback& callback);

}  // namespace easel
