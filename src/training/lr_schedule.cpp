#include "training/lr_schedule.h"

#include <cmath>
#include <numbers>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {

LrScheduleKind parse_lr_schedule(const std::string& name) {
  if (name == "constant") return LrScheduleKind::constant;
  if (name == "constant_with_warmup") return LrScheduleKind::constant_with_warmup;
  if (name == "linear") return LrScheduleKind::linear;
  if (name == "cosine") return LrScheduleKind::cosine;
  throw Error(ErrorCode::InvalidArgument, "[train] lr_schedule = " + quoted_text(name) +
                                              "; must be one of: constant, constant_with_warmup, linear, cosine");
}

double LrSchedule::factor(int64_t step) const {
  if (kind == LrScheduleKind::constant) return 1;
  const auto t = static_cast<double>(step);
  const auto W = static_cast<double>(num_warmup_steps);
  const auto T = static_cast<double>(num_training_steps);
  if (t < W) return t / W;
  if (kind == LrScheduleKind::constant_with_warmup) return 1;
  if (t >= T) return 0;
  const double progress = (t - W) / (T - W);  // T > t >= W
  return kind == LrScheduleKind::linear ? 1 - progress : (1 + std::cos(std::numbers::pi * progress)) / 2;
}

}  // namespace easel
