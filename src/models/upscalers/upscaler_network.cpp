#include "models/upscalers/upscaler_network.h"

#include "easel/error.h"
#include "models/upscalers/residual_dense_network.h"
#include "models/upscalers/rrdbnet.h"
#include "models/upscalers/srvgg_net.h"

namespace easel {
namespace {

using Tensors = std::map<std::string, Tensor>;

// What trainers wrap the weights in.
Tensors without_wrapper(Tensors tensors) {
  for (const std::string wrapper : {"params_ema.", "params.", "state_dict.", "module."}) {
    Tensors inner;
    for (const auto& [name, tensor] : tensors)
      if (name.starts_with(wrapper)) inner[name.substr(wrapper.size())] = tensor;
    if (!inner.empty()) return inner;
  }
  return tensors;
}

}  // namespace

UpscalerNetwork::~UpscalerNetwork() = default;

std::unique_ptr<UpscalerNetwork> make_upscaler_network(Tensors tensors,
                                                       const std::map<std::string, std::string>& metadata,
                                                       const std::string& name, BackendKind backend) {
  tensors = with_current_rrdbnet_names(without_wrapper(std::move(tensors)));
  if (tensors.contains("conv_first.weight")) return std::make_unique<RrdbNet>(tensors, name, backend);
  if (tensors.contains("body.0.weight")) return std::make_unique<SrvggNet>(tensors, name, backend);
  if (tensors.contains("F_m1.weight") || tensors.contains("Pre_blocks_conv.weight"))
    return make_residual_dense_network(tensors, metadata, name, backend);
  throw Error(
      ErrorCode::Unsupported,
      "[upscaler] " + name + " is no network that enlarges pictures; known are RRDBNet (ESRGAN), SRVGG, RDN, RRDN");
}

}  // namespace easel
