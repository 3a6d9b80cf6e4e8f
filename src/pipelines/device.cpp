#include "pipelines/device.h"

#include "ops/torch_plugin.h"

namespace easel {

Device select_device(const std::string& name) {
  const Device device = parse_device(name);
  if (device.backend_kind() == BackendKind::torch) load_torch_backend(device);
  return device;
}

}  // namespace easel
