#include "pipelines/device.h"

#include "easel/error.h"
#include "ops/torch_plugin.h"

namespace easel {

BackendKind select_device(const std::string& device) {
  if (device == "cpu") return BackendKind::cpu;
  const std::string name = device.starts_with("torch:") ? device.substr(6) : device;
  const bool cuda = name == "cuda" || name.starts_with("cuda:");
  if (!cuda && device != "torch:cpu")
    throw Error(ErrorCode::InvalidArgument,
                "[device] unknown device '" + device + "'; known are: cpu, cuda, cuda:N, torch:cpu");
  load_torch_backend(name);
  return BackendKind::torch;
}

}  // namespace easel
