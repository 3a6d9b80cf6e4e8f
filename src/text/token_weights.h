// token_weights.h — prompt weights applied to the text encoder's output.
#pragma once

#include <span>

#include "tensor/tensor.h"

namespace easel {

// What happens to the mean of the embeddings after weighting; names as in the webui.
enum class Emphasis {
  original,  // each row [L, C] is rescaled so that its mean is what it was before
  no_norm,   // nothing
};

// z[n, l, :] *= weights[n * L + l], then the rescaling. embeddings: [N, L, C] f32 on any backend, one row per chunk of
// the prompt; weights: N * L of them. Returns [N, L, C] on the same backend; `embeddings` itself where all weights are
// 1. A row whose weighted mean is 0 is not rescaled. Throws InvalidArgument where the sizes do not fit.
Tensor apply_token_weights(const Tensor& embeddings, std::span<const float> weights, Emphasis emphasis);

}  // namespace easel
