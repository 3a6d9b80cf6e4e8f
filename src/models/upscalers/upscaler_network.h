// upscaler_network.h — networks that make a picture larger by a whole factor, as their files are found.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "ops/backend.h"
#include "tensor/tensor.h"

namespace easel {

class UpscalerNetwork {
 public:
  virtual ~UpscalerNetwork();
  // image: [N, H, W, 3], 0..1. Returns [N, scale H, scale W, 3], about 0..1.
  virtual Tensor operator()(const Tensor& image) const = 0;

  int64_t scale() const { return scale_; }
  const std::string& architecture() const { return architecture_; }

 protected:
  UpscalerNetwork(std::string architecture, int64_t scale) : architecture_(std::move(architecture)), scale_(scale) {}

 private:
  std::string architecture_;
  int64_t scale_;
};

// The network that a file's tensors are of, told by their names and shapes:
//   RRDBNet  ESRGAN (Wang et al. 2018, arXiv:1809.00219) and Real-ESRGAN, with the names of BasicSR, of ESRGAN's first
//            release ("model.1.sub.0.RDB1.conv1.0") or of its second ("RRDB_trunk.0.RDB1.conv1")
//   SRVGG    Real-ESRGAN's compact networks
//   RDN      Zhang et al. 2018, arXiv:1802.08797, and RRDN, both as the package ISR trains them
// name: the file's, for messages. metadata: "scale" and "input_range" (the value of white) of RDN and RRDN. Throws
// Unsupported for other tensors, NotFound and CorruptFile where one is missing or of another shape.
std::unique_ptr<UpscalerNetwork> make_upscaler_network(std::map<std::string, Tensor> tensors,
                                                       const std::map<std::string, std::string>& metadata,
                                                       const std::string& name, BackendKind backend = BackendKind::cpu);

}  // namespace easel
