// srvgg_net.h — Real-ESRGAN's compact networks: a plain chain of convolutions at the picture's own size.
#pragma once

#include "models/upscalers/upscaler_layers.h"
#include "models/upscalers/upscaler_network.h"

namespace easel {

class SrvggNet final : public UpscalerNetwork {
 public:
  SrvggNet(const std::map<std::string, Tensor>& tensors, const std::string& name, BackendKind backend);
  Tensor operator()(const Tensor& image) const override;

 private:
  std::vector<Conv2d> convs_;
  std::vector<Tensor> slopes_;  // [C, C] diagonal: what a negative value of each channel is multiplied by (PReLU)
};

}  // namespace easel
