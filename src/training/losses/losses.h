// losses.h — what trainings minimise, of the operations of ops.h. Targets and weights are constants, on the backend of
// the prediction. Every loss is one element, [1].
#pragma once

#include <span>

#include "diffusion/noise_schedule.h"
#include "tensor/tensor.h"

namespace easel {

enum class PredictionTarget { epsilon, v_prediction };
// Throws InvalidArgument naming the choices.
PredictionTarget parse_prediction_target(const std::string& name);

// mean((prediction[n] - target[n])^2) of each row n: [N].
Tensor row_squared_errors(const Tensor& prediction, const Tensor& target);
// Mean over all elements, by rows weighted: mean_n(weights[n] * row_squared_errors[n]). weights: [N] or undefined
// for 1.
Tensor squared_error(const Tensor& prediction, const Tensor& target, const Tensor& weights = {});
// Mean of |prediction - target|.
Tensor absolute_error(const Tensor& prediction, const Tensor& target);

// Mean over elements of the divergence of N(mean, exp(logvar)) from N(0, 1): (mean^2 + exp(logvar) - 1 - logvar) / 2.
// Kingma & Welling 2013, arXiv:1312.6114, appendix B.
Tensor kl_divergence(const Tensor& mean, const Tensor& logvar);

// Mean of -log softmax(logits)[label] over rows. logits: [N, C]; labels: N of 0..C-1, or -1 for a row that does not
// count. 0 where no row counts.
Tensor cross_entropy(const Tensor& logits, std::span<const int32_t> labels);

// Mean of all elements, [1].
Tensor mean(const Tensor& x);

// min(snr, gamma) / snr for a network that predicts noise, min(snr, gamma) / (snr + 1) for one that predicts velocity;
// snr = alphas_cumprod / (1 - alphas_cumprod). 1 where gamma is 0. Hang et al. 2023, arXiv:2303.09556, eq. 8; the
// velocity's factor as in appendix A there.
double min_snr_weight(double alpha_cumprod, double gamma, PredictionTarget target);

// The value of a loss. Waits for the device.
double item(const Tensor& loss);

}  // namespace easel
