// run_op.h — the one place that every operation passes on its way to a backend: those of ops.h and of gradients.h.
#pragma once

#include <chrono>
#include <cstdint>

#include "ops/op_observer.h"
#include "ops/run_meter.h"
#include "tensor/cancellation_scope.h"

namespace easel {

// call(), reported to the observer where there is one. multiply_adds: of the direct form, 0 for what is no product.
// Throws Cancelled where the thread's work is to stop.
template <typename Call>
auto run_op(const char* op, int64_t multiply_adds, const Call& call) {
  throw_if_cancelled();
  if (const auto& metered = metered_needs()) {
    metered->multiply_adds += multiply_adds;
    return call();
  }
  if (!op_observer()) return call();
  const auto start = std::chrono::steady_clock::now();
  auto result = call();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  op_observer()({op, multiply_adds, elapsed.count()});
  return result;
}

}  // namespace easel
