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

int64_t random_seed();

// Those of one picture of several, as its record tells them: alone they make it again.
GenerationParameters parameters_of_picture(const GenerationParameters& parameters, int64_t picture);

// What a page made by another page's means, recorded as it was asked for: with the choices of the model and of chance
// that were made on the way.
MadePictures recorded_as(GenerationParameters asked, MadePictures made);

// Throws Unsupported where some inputs of the network come from a picture or a label: words alone do not do.
void require_words_suffice(const DiffusionModel& model);

// The first of the steps that an edit of this strength takes: 0.75 takes the last three quarters; as many as there are
// where it takes none.
int first_step(const GenerationParameters& parameters);

// A picture's latents as the network makes them: [1, H, W, C] on the host. canvas: [1, H, W, 3].
Tensor encode_canvas(const DiffusionModel& model, const Tensor& canvas);

// Throws InvalidArgument where sampler, schedule and eta do not fit each other.
SamplingPlan plan_for(const DiffusionModel& model, const GenerationParameters& parameters,
                      const PlanOptions& options = {});

// Refuses what does not fit into this machine's memory, and reports a run that will take long; on the CPU alone. Throws
// as require_memory (run_estimate.h).
void check_run(const DiffusionModel& model, const GenerationRequest& request, const SamplingPlan& plan,
               const GenerationCallbacks& callbacks);

// A stream for every picture of the batch, in NHWC.
std::unique_ptr<NoiseSource> latent_noise(const GenerationRequest& request);

// [N, H, W, C] of the latents that the request's pictures have.
Shape latent_shape(const DiffusionModel& model, const GenerationRequest& request);

// Where the run starts from, and its own first draw (first_noise.h): of latent_shape.
Tensor initial_noise(const DiffusionModel& model, const GenerationRequest& request, NoiseSource& noise);

// Reports each step to the callbacks, counted behind `steps_before`, with a preview where one is due.
StepCallback step_reports(const DiffusionModel& model, const GenerationCallbacks& callbacks, ProgressClock& clock,
                          int64_t steps_before = 0);

// latents: [N, H, W, C] on the host. One picture at a time.
std::vector<Picture> decode_pictures(const DiffusionModel& model, const Tensor& latents, int64_t band_rows,
                                     ProgressClock& clock);

}  // namespace easel
