// reference_gradients.h — the gradients of the reference variant: each as its formula says, sums in f64.
#pragma once

#include "ops/cpu/kernel_table.h"

namespace easel::cpu::reference {

void attention_grad(const AttentionProblem& problem, const AttentionGradient& gradient);
void group_norm_grad(const GroupNormProblem& problem, const GroupNormApplication& application,
                     const NormGradient& gradient);
void layer_norm_grad(const LayerNormProblem& problem, const NormGradient& gradient);
void activate_grad(const float* grad_y, const float* x, float* grad_x, int64_t count, Activation activation);
void geglu_grad(const float* grad_y, const float* x, float* grad_x, int64_t rows, int64_t columns);

}  // namespace easel::cpu::reference
