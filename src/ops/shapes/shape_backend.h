// shape_backend.h — operations on tensors that have a shape and no elements: what a run needs is known before it runs.
//
// A network that is called with shape_only() inputs goes through all its operations, allocates nothing and computes
// nothing. Its weights may lie on any backend.
#pragma once

#include "ops/backend.h"

namespace easel {

struct RunNeeds {
  int64_t bytes = 0;          // in use now
  int64_t peak_bytes = 0;     // the most in use at once
  int64_t multiply_adds = 0;  // of products, in their direct form
};

// While one exists, the shape backend's tensors and products of this thread are counted in it. Not to be nested.
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

Tensor shape_only(const Shape& shape, DType dtype = DType::f32);

Backend& shape_backend();

}  // namespace easel
