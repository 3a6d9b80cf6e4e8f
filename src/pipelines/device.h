// device.h — names of devices, as users give them.
#pragma once

#include <string>

#include "tensor/tensor.h"

namespace easel {

// "cpu": Easel's own kernels. "torch:cpu", "torch:cuda", "torch:cuda:1", "cuda": the LibTorch plug-in, loaded here.
// Throws InvalidArgument for another name, NotFound where the plug-in is missing.
BackendKind select_device(const std::string& device);

}  // namespace easel
