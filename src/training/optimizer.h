// optimizer.h — AdamW with clipping, and the exponential moving average of the weights.
#pragma once

#include "ops/autograd.h"
#include "training/trainable_weights.h"

namespace easel {

struct OptimizerOptions {
  AdamWOptions adamw;          // learning_rate and step are given anew at every step
  double max_grad_norm = 1.0;  // gradients are scaled down to this norm over all weights; 0: not at all
  bool use_ema = false;
  double ema_decay = 0.9999;
  bool use_ema_warmup = true;  // decay min(ema_decay, (1 + n) / (10 + n)) after step n + 1, 0 after the first
};

// The share of the old average that stays at a step (1, 2, …). diffusers' EMAModel.get_decay, without its power form.
double ema_decay_at(const OptimizerOptions& options, int64_t step);

class Optimizer {
 public:
  // leaves: by name; the average starts as a copy of them.
  Optimizer(NamedTensors leaves, const OptimizerOptions& options);

  // Clips, updates every leaf and the average, and clears the gradients. Returns the gradients' norm before clipping;
  // where that is not finite nothing is updated and the caller has to stop.
  double step(int64_t step, double learning_rate);

  void clear_gradients();

  const NamedTensors& leaves() const { return leaves_; }
  // What to sample with and to keep: the average where there is one, otherwise the leaves. On the backend.
  const NamedTensors& averaged() const { return options_.use_ema ? ema_ : leaves_; }

  // Everything that the next step depends on, on the host: "weights.…", "adam_m.…", "adam_v.…", "ema.…".
  NamedTensors state() const;
  // Throws NotFound or CorruptFile naming what is missing or has another shape.
  void restore(const NamedTensors& state);

 private:
  // Every tensor of the state by its name there.
  NamedTensors parts() const;

  OptimizerOptions options_;
  NamedTensors leaves_, first_moments_, second_moments_, ema_;
};

}  // namespace easel
