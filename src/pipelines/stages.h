// stages.h — what the tasks have in common, each step of the way from a request to pictures.
#pragma once

#include <memory>
#include <vector>

#include "diffusion/noise_source.h"
#include "diffusion/sampling_plan.h"
#include "easel/pipeline.h"
#include "pipelines/diffusion_model.h"
#include "pipelines/progress_clock.h"
#include "request/generation_request.h"

namespace easel {

struct MadePictures {
  GenerationParameters parameters;  // with defaults and random seed resolved: of the first picture
  std::vector<Picture> pictures;
};

// Every 0 or -1 that stands for a choice of the model or of chance, replaced by the choice. Throws InvalidArgument for
// values that the table or the model does not allow.
GenerationRequest resolved_request(const DiffusionModel& model, GenerationRequest request);

// Throws InvalidArgument where sampler, schedule and eta do not fit each other.
SamplingPlan plan_for(const DiffusionModel& model, const GenerationParameters& parameters);

// Refuses what does not fit into this machine's memory, and reports a run that will take long; on the CPU alone. Throws
// as require_memory (run_estimate.h).
void check_run(const DiffusionModel& model, const GenerationRequest& request, const SamplingPlan& plan,
               const GenerationCallbacks& callbacks);

// A stream for every picture of the batch, in NHWC.
std::unique_ptr<NoiseSource> latent_noise(const GenerationRequest& request);

// [N, H, W, C] of the latents that the request's pictures have.
Shape latent_shape(const DiffusionModel& model, const GenerationRequest& request);

// Reports each step to the callbacks, with a preview where one is due.
StepCallback step_reports(const DiffusionModel& model, const GenerationCallbacks& callbacks, ProgressClock& clock);

// latents: [N, H, W, C] on the host. One picture at a time.
std::vector<Picture> decode_pictures(const DiffusionModel& model, const Tensor& latents, int64_t band_rows,
                                     ProgressClock& clock);

}  // namespace easel
