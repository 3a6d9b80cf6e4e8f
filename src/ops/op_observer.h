// op_observer.h — a look at every operation that runs: what it was, how much direct arithmetic it stands for, how long
// it took.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace easel {

struct OpRecord {
  std::string op;         // the function's name, "linear"; a convolution of one pixel is "conv2d 1x1"
  int64_t multiply_adds;  // of the direct form; 0 for operations that are not products
  double seconds;         // on the host's clock
};

// While one exists, `observe` is called after every operation of this process (those of ops.h and gradients.h), on the
// thread that called it. A call that has nothing to do (concat of one tensor, to_device to where the tensor lies) is
// no operation. One at a time; create and destroy it while no operation runs.
class ScopedOpObserver {
 public:
  explicit ScopedOpObserver(std::function<void(const OpRecord&)> observe);
  ~ScopedOpObserver();
  ScopedOpObserver(const ScopedOpObserver&) = delete;
  ScopedOpObserver& operator=(const ScopedOpObserver&) = delete;
};

// What run_op asks before it measures.
const std::function<void(const OpRecord&)>& op_observer();

}  // namespace easel
