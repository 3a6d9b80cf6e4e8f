// device.h — a device as users name it, ready for use.
#pragma once

#include <string>

#include "tensor/device.h"

namespace easel {

// "cpu": Easel's own kernels. "torch:cpu", "torch:cuda", "torch:cuda:1", "cuda": the LibTorch plug-in, loaded here.
// Throws InvalidArgument for another name, NotFound where the plug-in is missing.
Device select_device(const std::string& name);

}  // namespace easel
