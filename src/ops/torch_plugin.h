// torch_plugin.h — what the LibTorch plug-in (src/ops/torch) gives beside operations, and how it comes into the
// process.
#pragma once

#include <memory>

#include "ops/autograd.h"
#include "ops/backend.h"
#include "ops/process_group.h"

namespace easel {

class EASEL_API TorchPlugin {
 public:
  virtual ~TorchPlugin();
  virtual Backend& backend() = 0;
  virtual Autograd& autograd() = 0;
  // The processes that train together, at that place among them.
  virtual std::unique_ptr<ProcessGroup> join_process_group(const ProcessPlace& place) = 0;
};

// Loads the torch plug-in once, on that device. The library is looked for at EASEL_TORCH_PLUGIN, beside the program, in
// ../lib/easel of it, and where it was installed. Throws NotFound saying how to install it, or that there is no such
// GPU; InvalidArgument for another device than the first call's. LibTorch's threads are told to sleep while they wait
// (OMP_WAIT_POLICY=passive, unless the environment says otherwise): by default they spin for milliseconds after each of
// its operations, on the processors that our kernels then need. REQUIRES: a device of the torch backend.
EASEL_API void load_torch_backend(const Device& device);

// The one that is loaded. Throws NotFound where there is none.
EASEL_API TorchPlugin& torch_plugin();

// The symbol that the library exports: a new TorchPlugin, released to the caller.
using CreateTorchPluginFunction = TorchPlugin* (*)(const Device& device);
inline constexpr const char* kCreateTorchPluginSymbol = "easel_create_torch_plugin";

}  // namespace easel
