// host_optimizer.h — the arithmetic of autograd.h's optimizers on host f32 tensors, each in one pass over memory: as
// single operations of LibTorch an AdamW step reads and writes every weight's state nine times. Elements are
// independent, so results do not depend on the number of threads.
#pragma once

#include "ops/autograd.h"

namespace easel {

// Autograd::adamw_step in place; all of one shape.
EASEL_API void host_adamw_step(const Tensor& weight, const Tensor& gradient, const Tensor& m, const Tensor& v,
                               const AdamWOptions& options);

// Autograd::lerp in place: target = (1 - weight) * target + weight * source.
EASEL_API void host_lerp(const Tensor& target, const Tensor& source, double weight);

}  // namespace easel
