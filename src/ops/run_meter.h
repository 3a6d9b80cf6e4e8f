// run_meter.h — what a run needs, known before it runs: its operations on tensors that have a shape and no elements.
//
// A network that is called with shape_only() inputs (ops/shapes/shape_backend.h) goes through all its operations,
// allocates nothing and computes nothing. Its weights may lie on any backend.
#pragma once

#include <cstdint>
#include <memory>

#include "ops/backend.h"

namespace easel {

struct RunNeeds {
  int64_t bytes = 0;          // in use now
  int64_t peak_bytes = 0;     // the most in use at once
  int64_t multiply_adds = 0;  // of products, in their direct form
};

// While one exists, this thread's operations and their tensors of shape alone are counted in it, and no observer sees
// them. Not to be nested.
class RunMeter {
 public:
  RunMeter();
  ~RunMeter();
  RunMeter(const RunMeter&) = delete;
  RunMeter& operator=(const RunMeter&) = delete;
  const RunNeeds& needs() const { return *needs_; }

 private:
  std::shared_ptr<RunNeeds> needs_;
};

// Of the meter of this thread; null without one.
const std::shared_ptr<RunNeeds>& metered_needs();

// A tensor of shape alone.
Tensor shape_only(const Shape& shape, DType dtype = DType::f32);

}  // namespace easel
