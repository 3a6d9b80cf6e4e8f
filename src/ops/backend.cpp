#include "ops/backend.h"

#include "ops/cpu/cpu_backend.h"
#include "ops/shapes/shape_backend.h"
#include "ops/torch_plugin.h"

namespace easel {

Backend::~Backend() = default;

Backend& backend(BackendKind kind) {
  switch (kind) {
    case BackendKind::cpu: return cpu_backend();
    case BackendKind::shapes: return shape_backend();
    case BackendKind::torch: break;
  }
  return torch_plugin().backend();
}

}  // namespace easel
