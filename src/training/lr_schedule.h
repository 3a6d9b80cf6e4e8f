// lr_schedule.h — the learning rate over the steps of a training. Names and formulas are those of diffusers' and
// transformers' schedules.
#pragma once

#include <cstdint>
#include <string>

namespace easel {

enum class LrScheduleKind { constant, constant_with_warmup, linear, cosine };

// "constant", "constant_with_warmup", "linear", "cosine". Throws InvalidArgument with the list.
LrScheduleKind parse_lr_schedule(const std::string& name);

struct LrSchedule {
  LrScheduleKind kind = LrScheduleKind::constant;
  int64_t num_warmup_steps = 0;    // W; unused by constant
  int64_t num_training_steps = 1;  // T; used by linear and cosine, 0 from there on

  // What the learning rate is multiplied by in step t, the first being t = 0:
  //   constant              1
  //   all others, t < W     t / W
  //   constant_with_warmup  1
  //   linear                (T - t) / (T - W)
  //   cosine                (1 + cos(pi (t - W) / (T - W))) / 2
  // Loshchilov & Hutter 2017, "SGDR", https://arxiv.org/abs/1608.03983, eq. 5, with one period.
  double factor(int64_t step) const;
};

}  // namespace easel
