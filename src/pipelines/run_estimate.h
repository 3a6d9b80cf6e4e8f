// run_estimate.h — what a generation will need, before it starts.
#pragma once

#include <string>

#include "pipelines/diffusion_model.h"
#include "request/generation_request.h"

namespace easel {

// Of a request whose choices are resolved.
struct RunSize {
  int64_t samples;        // of a network call: branches times pictures
  int64_t height, width;  // of the latents
  int64_t pictures;
  int64_t network_calls;
  int64_t band_rows;  // of decoding
};

struct RunEstimate {
  int64_t peak_bytes = 0;     // of activations; weights are mapped files
  int64_t multiply_adds = 0;  // of all steps and of decoding
};

// Calls the networks on shapes alone, which takes milliseconds.
RunEstimate estimate_run(const DiffusionModel& model, const RunSize& size);

// Throws ResourceExhausted where the run does not fit into this much memory, saying the need and the way out:
// vae_band_rows, a size that fits, or fewer pictures at a time.
void require_memory(const DiffusionModel& model, const RunSize& size, int64_t available_bytes);

// "this will take about 25 min; Ctrl-C ends it" for a run of over ten minutes on this machine's CPU, else empty.
std::string long_run_notice(const RunEstimate& estimate);

}  // namespace easel
