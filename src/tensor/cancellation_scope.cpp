#include "tensor/cancellation_scope.h"

#include "easel/error.h"

namespace easel {
namespace {

thread_local const ScopedCancellation* innermost = nullptr;

}  // namespace

ScopedCancellation::ScopedCancellation(const CancellationToken& token) : token_(token), outer_(innermost) {
  innermost = this;
}

ScopedCancellation::~ScopedCancellation() { innermost = outer_; }

bool ScopedCancellation::requested() const {
  for (const ScopedCancellation* scope = this; scope != nullptr; scope = scope->outer_)
    if (scope->token_.requested()) return true;
  return false;
}

const ScopedCancellation* ScopedCancellation::current() { return innermost; }

CancellationShield::CancellationShield() : shielded_(innermost) { innermost = nullptr; }
CancellationShield::~CancellationShield() { innermost = shielded_; }

bool cancellation_requested() { return innermost != nullptr && innermost->requested(); }

void throw_if_cancelled() {
  if (cancellation_requested()) throw Error(ErrorCode::Cancelled, "cancelled");
}

}  // namespace easel
