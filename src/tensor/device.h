// device.h — where a tensor's elements lie, and whose operations compute with them.
#pragma once

#include <string>

#include "easel/export.h"

namespace easel {

// Whose implementation of the operations: Easel's own, LibTorch's, or that of tensors without elements
// (ops/run_meter.h).
enum class BackendKind { cpu, torch, shapes };

enum class DeviceKind { cpu, torch_cpu, torch_cuda, shapes };

// The host's memory unless said otherwise.
struct Device {
  DeviceKind kind = DeviceKind::cpu;
  int index = 0;  // among GPUs; 0 for others

  BackendKind backend_kind() const {
    if (kind == DeviceKind::cpu) return BackendKind::cpu;
    return kind == DeviceKind::shapes ? BackendKind::shapes : BackendKind::torch;
  }
  bool operator==(const Device&) const = default;
};

// "cpu", "torch:cpu"; "cuda" and "torch:cuda" for the first GPU, "cuda:1" and "torch:cuda:1" for others. Throws
// InvalidArgument with the list.
EASEL_API Device parse_device(const std::string& name);
// As parse_device takes it: "cpu", "torch:cpu", "cuda:0".
EASEL_API std::string device_name(const Device& device);

}  // namespace easel
