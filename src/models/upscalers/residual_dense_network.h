// residual_dense_network.h — RDN and RRDN as the package ISR (idealo) defines them.
#pragma once

#include "models/upscalers/upscaler_network.h"

namespace easel {

// metadata: "scale", where the names do not tell it, and "input_range", the value that white has: 1 or 255.
std::unique_ptr<UpscalerNetwork> make_residual_dense_network(const std::map<std::string, Tensor>& tensors,
                                                             const std::map<std::string, std::string>& metadata,
                                                             const std::string& name, BackendKind backend);

}  // namespace easel
