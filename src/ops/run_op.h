// run_op.h — the one place that every operation passes on its way to a backend: those of ops.h and of gradients.h.
#pragma once

#include <chrono>
#include <cstdint>

#include "ops/op_observer.h"

namespace easel {

// call(), reported to the observer where there is one. multiply_adds: of the direct form, 0 for what is no product.
template <typename Call>
auto run_op(const char* op, int64_t multiply_adds, const Call& call) {
  if (!op_observer()) return call();
  const auto start = std::chrono::steady_clock::now();
  auto result = call();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  op_observer()({op, multiply_adds, elapsed.count()});
  return result;
}

}  // namespace easel
