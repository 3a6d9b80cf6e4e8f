// denoiser.h — what a network predicts, turned into the clean sample and the noise that solvers work with.
#pragma once

#include <functional>
#include <string_view>

#include "diffusion/noise_level.h"
#include "tensor/tensor.h"

namespace easel {

enum class PredictionType { epsilon, v_prediction, sample };
// Throws InvalidArgument with the list of names.
PredictionType parse_prediction_type(std::string_view name);

// The network with its conditioning and guidance: (x / hypot(alpha, sigma), level) -> raw prediction of x's shape.
// It is told level.timestep. It may throw, which ends the run: cancellation is an Error with code Cancelled.
using PredictFunction = std::function<Tensor(const Tensor& model_input, const NoiseLevel& level)>;

// How the estimate of the clean sample is kept in range (pixel-space models; latents need none).
enum class Thresholding {
  none,
  clip,           // to +-clip_sample_range
  dynamic,        // to the quantile s of |x0| per sample, s limited to 1..sample_max_value, then divided by s;
                  // Saharia et al. 2022, arXiv:2205.11487, section 2.3
  dynamic_floor,  // the same with s at least sample_max_value: DPM-Solver's original code and early diffusers
};

// The eps of a sample-predicting network: the one that its x0 implies, or, as diffusers' DDIM had it before 0.15, its
// output taken for eps as well (kept to reproduce pictures of that time).
enum class SampleEps { consistent, network_output };

struct DenoiserOptions {
  PredictionType prediction_type = PredictionType::epsilon;
  Thresholding thresholding = Thresholding::none;
  double clip_sample_range = 1.0;
  double dynamic_thresholding_ratio = 0.995;  // the quantile
  double sample_max_value = 1.0;
  SampleEps sample_eps = SampleEps::consistent;
  bool eps_from_thresholded = true;  // false: eps stays the network's although x0 was clipped (DDIM's default)
};

struct Prediction {
  Tensor denoised;  // estimate of x0
  Tensor eps;       // estimate of the noise: x = alpha * denoised + sigma * eps
};

// Not thread safe: counts calls.
class Denoiser {
 public:
  Denoiser(PredictFunction network, const DenoiserOptions& options) : network_(std::move(network)), options_(options) {}

  // The network's raw output for the sample x at `level`.
  Tensor network_output(const Tensor& x, const NoiseLevel& level);
  // What a raw output says about x. Throws InvalidArgument for an epsilon-predicting network at alpha = 0, where it
  // says nothing about x0.
  Prediction interpret(const Tensor& output, const Tensor& x, const NoiseLevel& level) const;
  Prediction predict(const Tensor& x, const NoiseLevel& level) { return interpret(network_output(x, level), x, level); }

  int calls() const { return calls_; }

 private:
  Tensor thresholded(const Tensor& denoised) const;

  PredictFunction network_;
  DenoiserOptions options_;
  int calls_ = 0;
};

}  // namespace easel
