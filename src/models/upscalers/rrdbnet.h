// rrdbnet.h — residual in residual dense blocks: ESRGAN and Real-ESRGAN.
#pragma once

#include "models/upscalers/upscaler_layers.h"
#include "models/upscalers/upscaler_network.h"

namespace easel {

class RrdbNet final : public UpscalerNetwork {
 public:
  // tensors: with BasicSR's names.
  RrdbNet(const std::map<std::string, Tensor>& tensors, const std::string& name, BackendKind backend);
  Tensor operator()(const Tensor& image) const override;

 private:
  int64_t unshuffle_;  // the picture is folded by this before the first convolution
  Conv2d conv_first_, conv_body_, conv_hr_, conv_last_;
  std::vector<std::vector<DenseBlock>> body_;
  std::vector<Conv2d> upsampling_;
};

// Names of both releases of ESRGAN as BasicSR's; other tensors keep theirs.
std::map<std::string, Tensor> with_current_rrdbnet_names(const std::map<std::string, Tensor>& tensors);

}  // namespace easel
