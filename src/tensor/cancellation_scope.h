// cancellation_scope.h — which tokens (easel/cancellation.h) the work of a thread heeds.
//
// run_op asks before each operation and parallel_for before each task; whatever else takes long asks by itself, at
// least every tenth of a second. What is asked to stop throws Cancelled.
#pragma once

#include "easel/cancellation.h"

namespace easel {

// While it lives, this thread's work stops when `token` or that of a scope around this one is requested. To be
// destroyed in reverse order, by the thread that made it.
class EASEL_API ScopedCancellation {
 public:
  explicit ScopedCancellation(const CancellationToken& token);
  ~ScopedCancellation();
  ScopedCancellation(const ScopedCancellation&) = delete;
  ScopedCancellation& operator=(const ScopedCancellation&) = delete;

  // Whether this scope's token or one around it is requested. Thread safe.
  bool requested() const;
  // The innermost of this thread; null where there is none.
  static const ScopedCancellation* current();

 private:
  CancellationToken token_;
  const ScopedCancellation* outer_;
};

// While it lives, the scopes around it do not count for this thread: for what must be done whole.
class EASEL_API CancellationShield {
 public:
  CancellationShield();
  ~CancellationShield();
  CancellationShield(const CancellationShield&) = delete;
  CancellationShield& operator=(const CancellationShield&) = delete;

 private:
  const ScopedCancellation* shielded_;
};

// Whether this thread's work is to stop.
EASEL_API bool cancellation_requested();
// Throws Cancelled where it is.
EASEL_API void throw_if_cancelled();

}  // namespace easel
