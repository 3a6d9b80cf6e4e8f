// kernels.inl — the table of one instruction set, over the Vector type that its translation unit has defined.
#pragma once

#include "ops/cpu/simd/attention.inl"
#include "ops/cpu/simd/attention_gradient.inl"
#include "ops/cpu/simd/convolution.inl"
#include "ops/cpu/simd/fma_chains.inl"
#include "ops/cpu/simd/math.inl"
#include "ops/cpu/simd/norm_gradients.inl"
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
  Kernels table{};
  table.name = name;
  table.conv2d = conv2d;
  table.conv2d_grad_weight = conv2d_grad_weight;
  table.attention = attention;
  table.group_norm_statistics = group_norm_statistics;
  table.group_norm_apply = group_norm_apply;
  table.layer_norm = layer_norm;
  table.activate = activate;
  table.geglu = geglu;
  table.run_fma_chains = run_fma_chains;
  table.flops_per_fma_iteration = kFlopsPerFmaIteration;
  table.attention_grad = attention_grad;
  table.group_norm_grad = group_norm_grad;
  table.layer_norm_grad = layer_norm_grad;
  table.activate_grad = activate_grad;
  table.geglu_grad = geglu_grad;
  return table;
}
