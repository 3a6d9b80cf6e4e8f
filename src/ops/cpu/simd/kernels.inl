// kernels.inl — the table of one instruction set, over the Vector type that its translation unit has defined.
#pragma once

#include "ops/cpu/simd/attention.inl"
#include "ops/cpu/simd/convolution.inl"
#include "ops/cpu/simd/fma_chains.inl"
#include "ops/cpu/simd/math.inl"
#include "ops/cpu/simd/norms.inl"
#include "ops/cpu/simd/weight_gradient.inl"
#include "ops/cpu/simd/winograd.inl"
#include "ops/cpu/simd/winograd_weight_gradient.inl"

void conv2d(const Conv2dProblem& problem) {
  if (winograd_applies(problem))
    convolve_winograd(problem);
  else
    convolve_implicitly(problem);
}

void conv2d_grad_weight(const Conv2dWeightGradient& problem) {
  if (winograd_applies(problem))
    grad_weight_winograd(problem);
  else
    grad_weight_directly(problem);
}

constexpr Kernels kernel_table(const char* name) {
  return {
      name,     conv2d,         conv2d_grad_weight,   attention, group_norm_statistics, group_norm_apply, layer_norm,
      activate, run_fma_chains, kFlopsPerFmaIteration};
}
