// inversion.h — the way back: from a picture to the noise that the model makes it from.
#pragma once

#include "pipelines/conditioning.h"
#include "pipelines/stages.h"

namespace easel {

// Parameters whose run can be led back: the default sampler becomes ddim. Throws InvalidArgument for one that cannot.
GenerationParameters invertible(GenerationParameters parameters);

// Standard normal noise, nearly, from which the plan makes these latents under this conditioning, however guided.
// latents: [1, H, W, C], clean, on the host; REQUIRES: a plan of invertible parameters, from its first step. Takes as
// many steps as the plan, each of several calls; the callback is called after each.
Tensor inverted_noise(const DiffusionModel& model, const Conditioning& conditioning, const SamplingPlan& plan,
                      const Tensor& latents, const StepCallback& callback);

}  // namespace easel
