// op_observer.h — a look at every operation that runs: what it was, how much direct arithmetic it stands for, how long
// it took.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace easel {

struct OpRecord {
  std::string op;         // "linear", "conv2d 3x3", "attention", …
  int64_t multiply_adds;  // of the direct form; 0 for operations that are not products
  double seconds;         // on the host's clock
};

// While one exists, `observe` is called after every operation of this process. One at a time; create and destroy it
// while no operation runs.
class ScopedOpObserver {
 public:
  explicit ScopedOpObserver(std::function<void(const OpRecord&)> observe);
  ~ScopedOpObserver();
  ScopedOpObserver(const ScopedOpObserver&) = delete;
  ScopedOpObserver& operator=(const ScopedOpObserver&) = delete;
};

// What ops.cpp asks before it measures.
const std::function<void(const OpRecord&)>& op_observer();

}  // namespace easel
