#include "ops/autograd.h"

#include <atomic>

#include "ops/torch_plugin.h"

namespace easel {
namespace {

std::atomic<bool> checkpointing{false};

}  // namespace

Autograd::~Autograd() = default;

Autograd& autograd() { return torch_plugin().autograd(); }

NoGradient::NoGradient() : was_recording_(autograd().recording()) { autograd().set_recording(false); }
NoGradient::~NoGradient() { autograd().set_recording(was_recording_); }

void set_gradient_checkpointing(bool enabled) { checkpointing = enabled; }
bool gradient_checkpointing() { return checkpointing; }

Tensor checkpointed(const Autograd::Function& function, const std::vector<Tensor>& inputs) {
  const bool recorded = checkpointing && inputs.at(0).backend_kind() == BackendKind::torch && autograd().recording();
  return recorded ? autograd().recomputed(function, inputs) : function(inputs);
}

}  // namespace easel
