#include "ops/backend.h"

#include "easel/error.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/shapes/shape_backend.h"
#include "ops/torch_plugin.h"

namespace easel {

Backend::~Backend() = default;

Backend& backend(const Device& device) {
  switch (device.backend_kind()) {
    case BackendKind::cpu: return cpu_backend();
    case BackendKind::shapes: return shape_backend();
    case BackendKind::torch: break;
  }
  Backend& loaded = torch_plugin().backend();
  if (loaded.device() != device)
    throw Error(ErrorCode::NotFound,
                "[backend] torch runs on " + device_name(loaded.device()) + ", not on " + device_name(device));
  return loaded;
}

}  // namespace easel
