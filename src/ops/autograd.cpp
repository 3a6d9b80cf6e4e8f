#include "ops/autograd.h"

#include <atomic>

#include "easel/error.h"
#include "ops/backend.h"

namespace easel {
namespace {

std::atomic<bool> checkpointing{false};

}  // namespace

Autograd::~Autograd() = default;

Autograd& autograd() {
  Autograd* const found = backend(BackendKind::torch).autograd();
  if (found == nullptr) throw Error(ErrorCode::Internal, "[autograd] the torch plug-in records no gradients");
  return *found;
}

NoGradient::NoGradient() : was_recording_(autograd().recording()) { autograd().set_recording(false); }
NoGradient::~NoGradient() { autograd().set_recording(was_recording_); }

void set_gradient_checkpointing(bool enabled) { checkpointing = enabled; }
bool gradient_checkpointing() { return checkpointing; }

Tensor checkpointed(const Autograd::Function& function, const std::vector<Tensor>& inputs) {
  Autograd* const recorder = checkpointing ? backend(inputs.at(0).backend_kind()).autograd() : nullptr;
  return recorder != nullptr && recorder->recording() ? recorder->recomputed(function, inputs) : function(inputs);
}

}  // namespace easel
