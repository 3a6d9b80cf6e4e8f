// cancellation.h — a wish to stop, which running work can see.
#pragma once

#include <atomic>
#include <memory>

#include "easel/export.h"

namespace easel {

// Copies share one flag, which stays set once it is. Thread safe.
class EASEL_API CancellationToken {
 public:
  CancellationToken() : requested_(std::make_shared<std::atomic<bool>>(false)) {}
  CancellationToken(const CancellationToken&) = default;  // and no move: every token has its flag
  CancellationToken& operator=(const CancellationToken&) = default;

  // Asks whoever heeds this token to stop. Async-signal-safe.
  void request() const noexcept { requested_->store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_->load(std::memory_order_relaxed); }

 private:
  static_assert(std::atomic<bool>::is_always_lock_free);  // what a signal handler may write
  std::shared_ptr<std::atomic<bool>> requested_;
};

}  // namespace easel
