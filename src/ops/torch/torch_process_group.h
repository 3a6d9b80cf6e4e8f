// torch_process_group.h — process_group.h over c10d.
#pragma once

#include <ATen/ATen.h>

#include "ops/process_group.h"

namespace easel {

// Over Gloo for the CPU, over NCCL for a GPU. Throws Unsupported where this LibTorch was built without it.
std::unique_ptr<ProcessGroup> make_torch_process_group(const ProcessPlace& place, at::Device device);

}  // namespace easel
